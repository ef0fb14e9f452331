import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModalClient } from "../../src/client/index.ts";
import { ExplorerData } from "../../src/explorer/explorerData.ts";
import { LazyTarget } from "../../src/targets/lazyTarget.ts";
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

function localOnly(modal: ModalClient) {
  return { all: [new LazyTarget("local", "Local", async () => assert.fail())], modal: async () => modal };
}

test("methods stand beside functions, each with its own calls, as the same nodes in every answer", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const data = new ExplorerData(localOnly(modal));
  const [target] = data.targets();
  assert.ok(target);
  const [app] = await data.apps(target);
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

test("calls and runners of all instances stand under the methods of their class", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(`import modal
app = modal.App("tree")

@app.cls()
class Till:
    currency: str = modal.parameter(default="EUR")
    @modal.method()
    def add(self, x): return f"{x} {self.currency}"
    @modal.method()
    def take(self, x): return -x
`);
  const modal = harness.modal();
  const data = new ExplorerData(localOnly(modal));
  const [target] = data.targets();
  assert.ok(target);
  const [app] = await data.apps(target);
  assert.ok(app);
  const till = modal.classes.fromName("tree", "Till");
  const calls = [await till.instance().method("add").spawn([1])];
  calls.push(await till.instance({ currency: "CHF" }).method("add").spawn([2]));
  assert.deepEqual(await modal.calls.gather(...calls), ["1 EUR", "2 CHF"]);

  const [add, take] = await data.functions(app);
  assert.ok(add && take);
  assert.equal(add.stats?.numTotalRunners, 2);
  const listed = (await data.calls(add)).map(({ functionCallId }) => functionCallId);
  assert.deepEqual(new Set(listed), new Set(calls.map((call) => call.functionCallId)));
  assert.deepEqual(await data.calls(take), []);
  const counted = await modal.calls.listOfMethod(add.functionId, "add");
  assert.deepEqual(
    counted.map(({ totalInputs, succeededInputs }) => [totalInputs, succeededInputs]),
    [
      [1, 1],
      [1, 1],
    ],
  );
});
