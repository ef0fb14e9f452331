import assert from "node:assert/strict";
import { test } from "node:test";
import { ExplorerData } from "../../src/explorer/explorerData.ts";
import { EngineHarness, until } from "../engine/engineHarness.ts";

const SOURCE = `import modal
app = modal.App("tree")

@app.function()
def plain(x): return x

@app.cls(max_containers=1)
class Model:
    @modal.method()
    def double(self, x): return 2 * x
    @modal.method()
    def treble(self, x): return 3 * x
`;

test("methods stand beside functions, each with its own calls, as the same nodes in every answer", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const data = new ExplorerData(async () => modal);
  const [app] = await data.apps();
  assert.ok(app);
  const nodes = await data.functions(app);
  const names = nodes.map(({ functionName }) => functionName);
  assert.deepEqual(names, ["Model.double", "Model.treble", "plain"]);
  assert.equal(new Set(nodes.map(({ id }) => id)).size, 3);
  const again = await data.functions(app);
  assert.ok(again.every((node, index) => node === nodes[index]));

  const instance = modal.classes.fromName("tree", "Model").instance();
  const doubled = await instance.method("double").spawn([1]);
  const trebled = [await instance.method("treble").spawn([1]), await instance.method("treble").spawn([2])];
  const called = await modal.functions.fromName("tree", "plain").spawn([1]);
  await Promise.all([doubled, ...trebled, called].map((call) => call.get()));
  const expected = [[doubled], trebled.reverse(), [called]].map((calls) => calls.map((call) => call.functionCallId));
  await until("the tree has all calls", async () => {
    const lists = await Promise.all(nodes.map((node) => data.calls(node)));
    return JSON.stringify(lists.map((list) => list.map((call) => call.functionCallId))) === JSON.stringify(expected);
  });
  const [, { stats } = { stats: undefined }] = await data.functions(app);
  assert.equal(stats?.numTotalRunners, 1);
});
