import assert from "node:assert/strict";
import { test } from "node:test";
import { FunctionTimeoutError } from "../../src/client/index.ts";
import { EngineHarness } from "./engineHarness.ts";

const SOURCE = `import os, time
import modal

app = modal.App("variants")

@app.function()
def pid():
    return os.getpid()

@app.function()
def nap(seconds):
    time.sleep(seconds)
`;

test("a function with options of its own has containers of its own, and keeps to the options", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const { functions } = harness.modal();
  const pid = functions.fromName("variants", "pid");
  const variant = pid.withOptions({ maxContainers: 1 });
  assert.notEqual(await variant.remote(), await pid.remote());
  assert.notEqual(variant.functionId, pid.functionId);
  const same = await functions.fromName("variants", "pid").withOptions({ maxContainers: 1 }).hydrate();
  assert.equal(same.functionId, variant.functionId);
  assert.equal(await same.remote(), await variant.remote());
  const nap = functions.fromName("variants", "nap").withOptions({ timeoutMs: 1_000 });
  await assert.rejects(nap.remote([60]), FunctionTimeoutError);
});
