import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModalClient } from "../../src/client/index.ts";
import { EngineHarness, until } from "./engineHarness.ts";

const source = (version: number) => `import os
import modal

app = modal.App("scaled")

@app.function(max_containers=3, scaledown_window=300)
def square(x):
    return x * x + ${version} - 1

@app.function()
def pid():
    return os.getpid()
`;

/** Waits until a function has so many containers. */
async function hasContainers(modal: ModalClient, name: string, count: number): Promise<void> {
  const fn = modal.functions.fromName("scaled", name);
  await until(`${name} has ${count} containers`, async () => (await fn.getCurrentStats()).numTotalRunners === count);
}

test("changed settings work at once, stay over a restart, and end with the next deployment", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source(1));
  let modal = harness.modal();
  let square = modal.functions.fromName("scaled", "square");
  assert.deepEqual((await square.getAutoscaler()).staticSettings, { maxContainers: 3, scaledownWindowMs: 300_000 });

  const inForce = { minContainers: 2, maxContainers: 3, bufferContainers: 0, scaledownWindowMs: 300_000 };
  assert.deepEqual(await square.keepWarm(2), inForce);
  await hasContainers(modal, "square", 2);

  const changed = { ...inForce, maxContainers: 2, bufferContainers: 1 };
  assert.deepEqual(await square.updateAutoscaler({ maxContainers: 2, bufferContainers: 1 }), changed);
  const { settings, overrideSettings } = await square.getAutoscaler();
  assert.deepEqual(settings, changed);
  assert.deepEqual(overrideSettings, { minContainers: 2, maxContainers: 2, bufferContainers: 1 });

  await harness.end("SIGKILL");
  await harness.restart();
  modal = harness.modal();
  square = modal.functions.fromName("scaled", "square");
  await hasContainers(modal, "square", 2);
  assert.deepEqual((await square.getAutoscaler()).settings, changed);

  await harness.deploy(source(1));
  assert.deepEqual((await square.getAutoscaler()).settings, changed, "the same source again is no deployment");
  await harness.deploy(source(2));
  await hasContainers(modal, "square", 0);
  assert.deepEqual(await square.getAutoscaler().then((all) => [all.settings, all.overrideSettings]), [
    { ...inForce, minContainers: 0 },
    {},
  ]);
});

test("a lower minimum and a shorter window let containers go", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source(1));
  const modal = harness.modal();
  const pid = modal.functions.fromName("scaled", "pid");
  await pid.keepWarm(2);
  await hasContainers(modal, "pid", 2);
  await pid.updateAutoscaler({ minContainers: 0, scaledownWindowMs: 1_000 });
  await hasContainers(modal, "pid", 0);
  assert.equal(typeof (await pid.remote()), "number");
});

test("user code changes the settings too", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(`import modal

app = modal.App("inside")

@app.function()
def square(x):
    return x * x

@app.cls()
class C:
    @modal.method()
    def m(self):
        pass

@app.function()
def change():
    settings = square.update_autoscaler(min_containers=1, max_containers=2, scaledown_window=30)
    square.keep_warm(2)
    errors = []
    for wrong in [lambda: square.keep_warm(3), lambda: square.keep_warm(-1), lambda: C().m.keep_warm(1)]:
        try:
            wrong()
        except modal.exception.InvalidError as error:
            errors.append(str(error))
    return [settings.min_containers, settings.max_containers, settings.buffer_containers, settings.scaledown_window, errors]
`);
  const { functions } = harness.modal();
  const [errors, ...settings] = ((await functions.fromName("inside", "change").remote()) as unknown[]).reverse();
  assert.deepEqual(settings.reverse(), [1, 2, 0, 30]);
  assert.match(String((errors as string[])[0]), /minimum of 3 containers is above/);
  assert.match(String((errors as string[])[1]), /takes a whole number from 0, not -1/);
  assert.match(String((errors as string[])[2]), /C\.m is a method/);
  const { overrideSettings } = await functions.fromName("inside", "square").getAutoscaler();
  assert.deepEqual(overrideSettings, { minContainers: 2, maxContainers: 2, scaledownWindowMs: 30_000 });
});

test("the engine refuses what it cannot do", async (t) => {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(source(1));
  const modal = harness.modal();
  const functionId = apps[0]?.functions[0]?.functionId ?? "";
  const rpc = harness.service();
  const update = (settings: object) => rpc.functionUpdateSchedulingParams({ functionId, settings });
  const wrong: [object, RegExp][] = [
    [{ targetConcurrency: 3 }, /no setting targetConcurrency; it is for servers/],
    [{ scaleupWindow: 3 }, /no setting scaleupWindow/],
    [{ minContainers: 4 }, /minimum of 4 containers is above the function's maximum of 3/],
    [{ scaledownWindow: 0 }, /at least a second/],
  ];
  for (const [settings, message] of wrong)
    await assert.rejects(update(settings), { codeName: "INVALID_ARGUMENT", message });
  await assert.rejects(modal.functions.fromId("fu-nowhere").keepWarm(1), { name: "NotFoundError" });
  const { currentSettings } = await rpc.functionUpdateSchedulingParams({ functionId, warmPoolSizeOverride: 1 });
  assert.equal(currentSettings?.minContainers, 1, "older clients send the minimum by itself");
  await modal.apps.stop(apps[0]?.appId ?? "");
  await assert.rejects(update({ minContainers: 1 }), { codeName: "NOT_FOUND", message: /is stopped/ });
});

test("a function can be called by its id", async (t) => {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(source(1));
  const fn = harness.modal().functions.fromId(apps[0]?.functions[0]?.functionId ?? "");
  assert.equal(await fn.remote([7]), 49);
  assert.equal(fn.isGenerator, false);
  await assert.rejects(harness.modal().functions.fromId("fu-nowhere").remote([7]), {
    name: "NotFoundError",
    message: /no function fu-nowhere/,
  });
});
