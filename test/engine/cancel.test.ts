import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import type { FunctionCall } from "../../src/client/index.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import asyncio, time
import modal

app = modal.App("cancel")

@app.function(max_containers=1)
def sleep(seconds):
    time.sleep(seconds)
    return "slept"

@app.function()
def spin():
    while True:
        pass

@app.function()
async def doze():
    await asyncio.sleep(600)

@app.function()
def stubborn():
    while True:
        try:
            time.sleep(600)
        except BaseException:
            pass

@app.function()
def child(x):
    time.sleep(600)

@app.function()
def parent():
    return list(child.map(range(3)))

@app.function()
def tidy(path):
    try:
        note(path, "begun")
        time.sleep(600)
    finally:
        note(path, "tidied")

def note(path, text):
    with open(path, "w") as file:
        file.write(text)
`;

async function statuses(call: FunctionCall): Promise<string[]> {
  const batches = await collected(call.outputs());
  return batches.flatMap(({ outputs }) => outputs.map(({ status }) => status));
}

test("cancelling calls", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("cancel", name);
  const runs = (name: string, count = 1) =>
    until(`${name} runs`, async () => (await named(name).getCurrentStats()).numRunningInputs >= count);

  for (const name of ["spin", "doze"]) {
    await t.test(`${name} stops, and its container stays`, async () => {
      const call = await named(name).spawn();
      await runs(name);
      await call.cancel();
      assert.deepEqual(await statuses(call), ["TERMINATED"]);
      assert.equal((await named(name).getCurrentStats()).numTotalRunners, 1);
    });
  }

  await t.test("a call of many: the running one and all that wait, and the container serves the next", async () => {
    const call = await named("sleep").spawnMap(Array.from({ length: 200 }, () => [600]));
    await runs("sleep");
    const [task] = (await modal.containers.list()).filter(({ appName }) => appName === "cancel");
    assert.ok(task);
    await call.cancel();
    assert.deepEqual(await statuses(call), Array(200).fill("TERMINATED"));
    assert.equal(await named("sleep").remote([0]), "slept");
    await assert.rejects(call.get(), /cancelled/i);
  });

  await t.test("children and their children", async () => {
    const call = await named("parent").spawn();
    await runs("child", 2);
    await call.cancel();
    assert.deepEqual(await statuses(call), ["TERMINATED"]);
    await until("no child is left", async () => {
      const { backlog, numRunningInputs } = await named("child").getCurrentStats();
      return backlog + numRunningInputs === 0;
    });
    const [root] = await call.getCallGraph();
    assert.deepEqual(
      root?.children.map(({ status }) => status),
      Array(3).fill("TERMINATED"),
    );
  });

  await t.test("code may clean up", async () => {
    const path = `${harness.folder}/tidied`;
    const call = await named("tidy").spawn([path]);
    await until("it has begun", async () => (await readFile(path, "utf8").catch(() => "")) === "begun");
    await call.cancel();
    assert.deepEqual(await statuses(call), ["TERMINATED"]);
    assert.equal(await readFile(path, "utf8"), "tidied");
  });

  await t.test("terminate_containers ends code that will not stop", async () => {
    const call = await named("stubborn").spawn();
    await runs("stubborn");
    await call.cancel({ terminateContainers: true });
    assert.deepEqual(await statuses(call), ["TERMINATED"]);
    assert.equal((await named("stubborn").getCurrentStats()).numTotalRunners, 0);
  });

  await t.test("and so does waiting", async () => {
    const call = await named("stubborn").spawn();
    await runs("stubborn");
    await call.cancel();
    assert.deepEqual(await statuses(call), ["TERMINATED"]);
  });

  await t.test("a finished call cannot be cancelled any more, and does not mind", async () => {
    const call = await named("sleep").spawn([0]);
    await call.get();
    await call.cancel();
    assert.equal(await call.get(), "slept");
  });

  await t.test("stopping the app ends its calls", async () => {
    const call = await named("spin").spawn();
    await runs("spin");
    const { appId } = await call.hydrate();
    await modal.apps.stop(appId);
    assert.deepEqual(await statuses(call), ["TERMINATED"]);
    await assert.rejects(named("spin").remote(), /No app named cancel is deployed/);
    await until("its containers are gone", async () => (await harness.pythonProcesses()).length === 0);
  });
});
