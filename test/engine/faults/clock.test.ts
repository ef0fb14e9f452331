import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { collected, EngineHarness, until } from "../engineHarness.ts";

const DAY_MS = 24 * 60 * 60 * 1_000;

/** `wait` also makes the clock wrong as its own process sees it: that is what its times are told by. */
const source = `import os, time
import modal

app = modal.App("clock")
right_time = time.time

@app.function(timeout=60, max_containers=2)
def wait(gate, jump_s=0):
    while not os.path.exists(gate):
        time.sleep(0.01)
    time.time = lambda: right_time() + jump_s
    print("passed")
    return gate

@app.function(max_containers=2)
def square(x):
    return x * x
`;

test("a wall clock that jumps, forwards or backwards, ends nothing", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-clock-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const clock = join(folder, "clock");
  const preload = fileURLToPath(new URL("./jumpingClock.ts", import.meta.url));
  Object.assign(process.env, { JUMPING_CLOCK: clock, NODE_OPTIONS: `--import=${preload}` });
  const harness = await EngineHarness.start(t, ["--idle-exit", "3600"]);
  delete process.env.NODE_OPTIONS;
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("clock", name);

  for (const days of [-2, 2]) {
    await t.test(`by ${days} days`, async () => {
      const gate = join(folder, `gate${days}`);
      const call = await named("wait").spawn([gate, (days * DAY_MS) / 1_000]);
      await until("it runs", async () => (await named("wait").getCurrentStats()).numRunningInputs === 1);
      writeFileSync(clock, String(days * DAY_MS));
      const whole = Array.from({ length: 300 }, (_, index) => index);
      assert.deepEqual(
        await collected(named("square").map([whole])),
        whole.map((x) => x * x),
      );
      writeFileSync(gate, "");
      assert.equal(await call.get(), gate);
      const printed = await collected(
        modal.logs.stream({ appId: (await call.hydrate()).appId, functionCallId: call.functionCallId }),
      );
      assert.deepEqual(
        printed.map(({ text }) => text),
        ["passed\n"],
      );
      const gates = [1, 2, 3, 4].map((number) => join(folder, `gate${days}.${number}`));
      const calls = await Promise.all(gates.map((path) => named("wait").spawn([path])));
      await until("as many run as may", async () => (await named("wait").getCurrentStats()).numRunningInputs === 2);
      for (const path of gates) writeFileSync(path, "");
      assert.deepEqual(await Promise.all(calls.map((one) => one.get())), gates);
      assert.equal((await harness.engine().getStatus({})).pid, harness.ready.pid);
    });
  }
});
