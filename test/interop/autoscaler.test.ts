import assert from "node:assert/strict";
import { test } from "node:test";
import { ModalClient } from "modal";
import { EngineHarness, until } from "../engine/engineHarness.ts";

const source = `import modal

app = modal.App("interop-autoscaler")

@app.function(max_containers=4)
def square(x):
    return x * x
`;

test("Modal's JavaScript SDK changes the autoscaler, and sees the containers", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const { url, tokenId, tokenSecret } = harness.ready;
  process.env.MODAL_SERVER_URL = url; // The one way in which the SDK takes a server.
  const modal = new ModalClient({ tokenId, tokenSecret });
  t.after(() => modal.close());
  const square = await modal.functions.fromName("interop-autoscaler", "square");
  await square.updateAutoscaler({ minContainers: 2, scaledownWindowMs: 30_000 });
  await until("two containers run", async () => (await square.getCurrentStats()).numTotalRunners === 2);
  const ours = harness.modal().functions.fromName("interop-autoscaler", "square");
  assert.deepEqual((await ours.getAutoscaler()).overrideSettings, { minContainers: 2, scaledownWindowMs: 30_000 });
  await assert.rejects(square.updateAutoscaler({ minContainers: 5 }), /minimum of 5 containers is above/);
});
