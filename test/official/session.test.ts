import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
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
  "own exception": "Refused: word",
  exit: 3,
  timeout: "FunctionTimeoutError: The input ran longer than the function's timeout of 1 s.",
  "2 MB": true,
  "20 MB": true,
  "async generator": [3, 2, 1],
  surroundings: [false, ["in-", "fc-"]],
  tunnel: "UnimplementedError",
  web: [201, "/a b and a body"],
  retries: 3,
  cancelled: "RemoteError: InputCancellation('The input was cancelled.')",
  "cancelled beside another": ["RemoteError", "found"],
  nested: [25, [0, 1, 4, 9, 16], 36, 49],
  batched: [0, 2, 4, 6, 8, 10],
  concurrent: [0, 1, 2, 3, 4, 5, 6, 7],
  survived: "alive",
  secret: "secret",
  class: 3,
  parameter: 42,
  "method generator": [3, 4, 5],
};

describe("Modal's own Python package", { skip }, () => {
  it("gets the same results from both kinds of container", async (t) => {
    const byModal = await resultsBy(t, "modal", []);
    const byOurs = await resultsBy(t, "built-in", ["--runtime", "builtIn"]);
    assert.deepEqual(byModal, byOurs);
    assert.deepEqual(byModal, RESULTS);
  });

  it("has Modal's runtime run what it sends serialized, and refuses clusters", async (t) => {
    const user = await User.of(t);
    await user.write("serialized.py", SERIALIZED);
    await user.modal("deploy", "serialized.py");
    assert.equal(await user.python("-c", call("hundredfold", "2", "serialized")), "200");
    await user.write("clustered.py", CLUSTERED);
    await assert.rejects(user.modal("deploy", "clustered.py"), /together is for a cluster of 2/);
  });

  it("deploys an app, again, rolls it back, runs and stops it, and reads its logs", async (t) => {
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
    await assert.rejects(user.modal("cluster", "list"), /Containers do not form clusters/);

    await user.modal("app", "stop", "official", "--yes");
    await assert.rejects(user.python("-c", call("version")), /NotFoundError/);
  });
});

const SERIALIZED = `
import modal
app = modal.App("serialized")
@app.function(serialized=True)
def hundredfold(x):
    return 100 * x
`;

const CLUSTERED = `
import modal, modal.experimental
app = modal.App("clustered")
@app.function()
@modal.experimental.clustered(size=2)
def together():
    pass
`;

/** What came of every call of `calls.py`, by the kind of container that such an engine has. */
async function resultsBy(t: TestContext, runtime: string, options: readonly string[]): Promise<unknown> {
  const user = await User.of(t, options);
  assert.match(await user.modal("deploy", "app.py"), /App deployed/);
  assert.equal(await user.python("-c", call("runtime")), runtime);
  return JSON.parse(await user.python("calls.py", user.folder));
}

function call(name: string, args = "", app = "official"): string {
  return `import modal; print(modal.Function.from_name("${app}", "${name}").remote(${args}))`;
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
    const { ready } = await EngineHarness.start(t, ["--runtime", "automatic", ...options]);
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

  async write(name: string, source: string): Promise<void> {
    await writeFile(join(this.folder, name), source);
  }

  async edit(change: (source: string) => string): Promise<void> {
    const path = join(this.folder, "app.py");
    await writeFile(path, change(await readFile(path, "utf8")));
  }
}
