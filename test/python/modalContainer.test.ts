import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";

/** `runtime/modal_container.py` with a package `modal` of the test's in the place of Modal's own. */

const script = fileURLToPath(new URL("../../src/python/runtime/modal_container.py", import.meta.url));

/** Starts a container whose runtime is a program of the test's; resolves with the first line that it prints. */
async function started(t: TestContext, program: string) {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-runtime-"));
  await mkdir(join(folder, "modal"));
  await writeFile(join(folder, "modal", "__init__.py"), "");
  await writeFile(join(folder, "modal", "_container_entrypoint.py"), program);
  const child = spawn("python3", ["-u", script], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit", "pipe"],
    detached: true,
  });
  t.after(async () => {
    child.kill("SIGKILL");
    await rm(folder, { recursive: true });
  });
  assert.ok(child.stdout);
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { child, engine: child.stdio[3] as Socket, line, folder };
}

test("a container and what it started end when the engine's end of its pipe is gone", async (t) => {
  const program = `import subprocess, time
subprocess.Popen(["sleep", "600"])
print("started")
time.sleep(600)
`;
  const { child, engine } = await started(t, program);
  const ended = once(child, "exit");
  const closed = once(child, "close"); // When nobody has its output any more: the process that it started is gone.
  engine.destroy();
  assert.deepEqual(await ended, [null, "SIGKILL"]);
  await closed;
});

test("the runtime is the program itself, finds user code beside it, and can be interrupted", async (t) => {
  const program = `import signal, sys
print(__name__, sys.path[0], signal.getsignal(signal.SIGINT) is signal.default_int_handler, sys.argv[1:])
`;
  const { child, line, folder } = await started(t, program);
  assert.equal(line, `__main__ ${folder} True []`);
  if (child.exitCode === null) await once(child, "exit");
  assert.equal(child.exitCode, 0);
});
