import assert from "node:assert/strict";
import { test } from "node:test";
import { Runtimes } from "../../src/engine/deploy/runtimes.ts";
import { RuntimeChoice } from "../../src/proto/gen/engine_pb.js";

const { AUTOMATIC, MODAL, BUILT_IN } = RuntimeChoice;

/** What is chosen: a version of Modal's package, or the built-in runtime. */
async function chosen(
  preferred: RuntimeChoice,
  wanted: RuntimeChoice,
  version: string | undefined,
  platform: NodeJS.Platform = "linux",
): Promise<string> {
  const found = version === undefined ? undefined : { version };
  const runtimes = new Runtimes(preferred, async () => found, platform);
  return (await runtimes.of("/venv/bin/python", wanted))?.version ?? "built-in";
}

test("Modal's package is used where it is there and new enough, unless somebody says otherwise", async () => {
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, "1.5.4"), "1.5.4");
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, "2.0.0.dev1"), "2.0.0.dev1");
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, "1.4.9"), "built-in");
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, ""), "built-in");
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, undefined), "built-in");
  assert.equal(await chosen(AUTOMATIC, BUILT_IN, "1.5.4"), "built-in");
});

test("a deployment's own choice counts before that of the engine", async () => {
  assert.equal(await chosen(BUILT_IN, AUTOMATIC, "1.5.4"), "built-in");
  assert.equal(await chosen(BUILT_IN, MODAL, "1.5.4"), "1.5.4");
  assert.equal(await chosen(MODAL, BUILT_IN, undefined), "built-in");
});

test("where it must be Modal's and is not there, one sentence says what to do", async () => {
  await assert.rejects(chosen(AUTOMATIC, MODAL, undefined), {
    message:
      '/venv/bin/python does not have Modal\'s package, of which 1.5 or newer is needed for the runtime "modal"; run "/venv/bin/python -m pip install --upgrade modal", or choose the runtime "builtIn".',
  });
  await assert.rejects(chosen(MODAL, AUTOMATIC, "0.73.1"), /has version 0\.73\.1 of Modal's package/);
});

test("on macOS Modal's runtime is used as on Linux; on Windows never, and who asks for it is told", async () => {
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, "1.5.4", "darwin"), "1.5.4");
  assert.equal(await chosen(AUTOMATIC, AUTOMATIC, "1.5.4", "win32"), "built-in");
  await assert.rejects(
    chosen(AUTOMATIC, MODAL, "1.5.4", "win32"),
    /does not run on Windows; choose the runtime "builtIn"/,
  );
});
