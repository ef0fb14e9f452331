import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { EngineHarness } from "../engine/engineHarness.ts";
import { skip } from "./modalPackage.ts";

/**
 * Modal's own Python package against the engine: its command line deploys, its client calls, and either its container runtime or the
 * engine's own worker runs `app.py`. Where the package is not importable there is nothing to test.
 */

const RESULTS = {
  remote: 49,
  spawned: 64,
  map: 332_833_500,
  starmap: [1, 4],
  generator: [0, 1, 2, 3, 4],
  exception: "ValueError: boom",
  exceptions: ["ValueError('boom')", "ValueError('boom')"],
  retries: 3,
  cancelled: "RemoteError: InputCancellation('The input was cancelled.')",
  nested: [25, [0, 1, 4, 9, 16]],
  batched: [0, 2, 4, 6, 8, 10],
  concurrent: [0, 1, 2, 3, 4, 5, 6, 7],
  survived: "alive",
  secret: "secret",
  class: 3,
  parameter: 42,
  "method generator": [3, 4, 5],
};

for (const [runtime, options] of [
  ["modal", []],
  ["built-in", ["--runtime", "builtIn"]],
] as const) {
  test(`everything that is called gives the same results, by the runtime ${runtime}`, { skip }, async (t) => {
    const user = await User.of(t, options);
    assert.match(await user.modal("deploy", "app.py"), /App deployed/);
    assert.equal(await user.python("-c", call("runtime")), runtime);
    assert.deepEqual(JSON.parse(await user.python(join(user.folder, "calls.py"), user.folder)), RESULTS);
  });
}

test("an app is deployed, deployed again, rolled back, run and stopped, and tells its logs", { skip }, async (t) => {
  const user = await User.of(t);
  await user.modal("deploy", "app.py");
  assert.equal(await user.python("-c", call("version")), "first");
  await user.edit((source) => source.replace('"first"', '"second"'));
  await user.modal("deploy", "app.py");
  assert.equal(await user.python("-c", call("version")), "second");
  await user.modal("app", "rollback", "official");
  assert.equal(await user.python("-c", call("version")), "first");
  const history = JSON.parse(await user.modal("app", "history", "official", "--json"));
  assert.equal(history.length, 3);

  await user.python("-c", call("say", '"hello"'));
  assert.match(await user.modal("app", "logs", "official"), /saying hello/);
  assert.match(await user.modal("run", "app.py::main", "--x", "6"), /entrypoint: 36/);

  await user.modal("app", "stop", "official", "--yes");
  await assert.rejects(user.python("-c", call("version")), /NotFoundError/);
});

function call(name: string, args = ""): string {
  return `import modal; print(modal.Function.from_name("official", "${name}").remote(${args}))`;
}

/** Somebody with a folder, Modal's package and an engine. */
class User {
  readonly folder: string;
  readonly #env: NodeJS.ProcessEnv;

  private constructor(folder: string, env: NodeJS.ProcessEnv) {
    this.folder = folder;
    this.#env = env;
  }

  static async of(t: TestContext, options: readonly string[] = []): Promise<User> {
    const folder = await mkdtemp(join(tmpdir(), "spawnpoint-official-"));
    t.after(() => rm(folder, { recursive: true }));
    const { ready } = await EngineHarness.start(t, options);
    const home = join(folder, "home");
    await mkdir(home);
    const modal = { MODAL_SERVER_URL: ready.url, MODAL_TOKEN_ID: ready.tokenId, MODAL_TOKEN_SECRET: ready.tokenSecret };
    const user = new User(folder, { ...process.env, ...modal, HOME: home, NO_COLOR: "1", COLUMNS: "200" });
    for (const file of ["app.py", "calls.py"]) {
      const source = fileURLToPath(new URL(file, import.meta.url));
      await writeFile(join(folder, file), await readFile(source));
    }
    return user;
  }

  /** Runs Modal's command line; resolves with what it prints. */
  modal(...args: readonly string[]): Promise<string> {
    return this.python("-m", "modal", ...args);
  }

  async python(...args: readonly string[]): Promise<string> {
    const { stdout } = await promisify(execFile)("python3", args, { cwd: this.folder, env: this.#env });
    return stdout.trim();
  }

  async edit(change: (source: string) => string): Promise<void> {
    const path = join(this.folder, "app.py");
    await writeFile(path, change(await readFile(path, "utf8")));
  }
}
