import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../engine/engineHarness.ts";
import { sdkOnEngine } from "./sdkOnEngine.ts";

const source = `import modal

app = modal.App("interop-autoscaler")

@app.function(max_containers=4)
def square(x):
    return x * x
`;

test("Modal's JavaScript SDK changes the autoscaler, and sees the containers", async (t) => {
  const { harness, modal } = await sdkOnEngine(t, source);
  const square = await modal.functions.fromName("interop-autoscaler", "square");
  await square.updateAutoscaler({ minContainers: 2, scaledownWindowMs: 30_000 });
  await until("two containers run", async () => (await square.getCurrentStats()).numTotalRunners === 2);
  const ours = harness.modal().functions.fromName("interop-autoscaler", "square");
  assert.deepEqual((await ours.getAutoscaler()).overrideSettings, { minContainers: 2, scaledownWindowMs: 30_000 });
  await assert.rejects(square.updateAutoscaler({ minContainers: 5 }), /minimum of 5 containers is above/);
});
