import assert from "node:assert/strict";
import { test } from "node:test";
import type { ModalClient } from "../../src/client/index.ts";
import type { Arrangement } from "../../src/explorer/arrangement.ts";
import { ExplorerData } from "../../src/explorer/explorerData.ts";
import { LiveStats } from "../../src/explorer/liveStats.ts";
import type { ExplorerNode } from "../../src/explorer/nodes.ts";
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

const FLAT: Arrangement = { filter: "", sort: "name", grouping: "flat" };

/** Asks with the client's own environment where no other is named. */
function localOnly(modal: ModalClient) {
  return {
    all: [new LazyTarget("local", "Local", async () => assert.fail())],
    modal: async ({ environmentName }: { environmentName: string }) =>
      environmentName ? modal.inEnvironment(environmentName) : modal,
  };
}

/** Those of one kind below a row. */
async function below<Kind extends ExplorerNode["kind"]>(data: ExplorerData, node: ExplorerNode, kind: Kind) {
  const children = await data.children(node);
  return children.filter((child): child is Extract<ExplorerNode, { kind: Kind }> => child.kind === kind);
}

async function onlyApp(data: ExplorerData) {
  const [target] = data.targets();
  assert.ok(target);
  const [app] = await below(data, target, "app");
  assert.ok(app);
  return app;
}

test("methods stand beside functions, each with its own calls, as the same nodes in every answer", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const data = new ExplorerData(localOnly(modal), () => FLAT);
  const app = await onlyApp(data);
  const nodes = await below(data, app, "function");
  const names = nodes.map(({ functionName }) => functionName);
  assert.deepEqual(names, ["Model.double", "Model.treble", "plain"]);
  assert.equal(new Set(nodes.map(({ id }) => id)).size, 3);
  const again = await below(data, app, "function");
  assert.ok(again.every((node, index) => node === nodes[index]));

  const instance = modal.classes.fromName("tree", "Model").instance();
  const doubled = await instance.method("double").spawn([1]);
  const trebled = [await instance.method("treble").spawn([1]), await instance.method("treble").spawn([2])];
  const called = await modal.functions.fromName("tree", "plain").spawn([1]);
  await Promise.all([doubled, ...trebled, called].map((call) => call.get()));
  const expected = [[doubled], trebled.reverse(), [called]].map((calls) => calls.map((call) => call.functionCallId));
  await until("the tree has all calls", async () => {
    const lists = await Promise.all(nodes.map((node) => below(data, node, "call")));
    return JSON.stringify(lists.map((list) => list.map((call) => call.functionCallId))) === JSON.stringify(expected);
  });
  await new LiveStats(localOnly(modal)).update(nodes);
  assert.equal(nodes[0]?.stats?.numTotalRunners, 1);
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
  const data = new ExplorerData(localOnly(modal), () => ({ ...FLAT, grouping: "class" }));
  const app = await onlyApp(data);
  const till = modal.classes.fromName("tree", "Till");
  const calls = [await till.instance().method("add").spawn([1])];
  calls.push(await till.instance({ currency: "CHF" }).method("add").spawn([2]));
  assert.deepEqual(await modal.calls.gather(...calls), ["1 EUR", "2 CHF"]);

  const classes = await below(data, app, "class");
  const [cls] = classes;
  assert.ok(cls);
  await new LiveStats(localOnly(modal)).update(classes);
  assert.equal(cls.stats?.numTotalRunners, 2);
  const [add, take] = await below(data, cls, "function");
  assert.ok(add && take);
  const listed = (await below(data, add, "call")).map(({ functionCallId }) => functionCallId);
  assert.deepEqual(new Set(listed), new Set(calls.map((call) => call.functionCallId)));
  assert.deepEqual(await data.children(take), []);
  const counted = await modal.calls.listOfMethod(add.functionId, "add");
  assert.deepEqual(
    counted.map(({ totalInputs, succeededInputs }) => [totalInputs, succeededInputs]),
    [
      [1, 1],
      [1, 1],
    ],
  );
});

test("an app has its version, its containers, and its deployments, of which earlier ones can be put back", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const data = new ExplorerData(localOnly(modal), () => FLAT);
  const app = await onlyApp(data);
  assert.equal(app.version, 0); // It takes a request of its own, which only an unfolded app is worth.
  const children = await data.children(app);
  assert.equal(app.version, 1);
  const [containers, deployments] = children.slice(-2);
  assert.ok(containers?.kind === "containers" && deployments?.kind === "deployments");

  await harness.deploy(`${SOURCE}\n# another version`);
  assert.equal(await modal.functions.fromName("tree", "plain").remote([5]), 5);
  const [container] = await below(data, containers, "container");
  assert.match(container?.taskId ?? "", /^ta-/);
  const told = (await below(data, deployments, "deployment")).map((row) => [row.version, row.isCurrent]);
  assert.deepEqual(told, [
    [2, true],
    [1, false],
  ]);
  const [, first] = await below(data, deployments, "deployment");
  assert.equal(first?.rollbackAllowed, true);
  await data.children(app);
  assert.equal(app.version, 2);
});

test("a target with several environments has them as a level, one with one has its apps at once", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const data = new ExplorerData(localOnly(modal), () => FLAT);
  const app = await onlyApp(data);
  const [target] = data.targets();
  assert.ok(target);
  assert.equal(target.onlyEnvironment, "main");
  await modal.environments.create("staging");
  const environments = await below(data, target, "environment");
  assert.deepEqual(
    environments.map(({ name, isDefault }) => [name, isDefault]),
    [
      ["main", true],
      ["staging", false],
    ],
  );
  assert.equal(target.onlyEnvironment, "");
  const [main, staging] = environments;
  assert.ok(main && staging);
  assert.deepEqual(await data.children(main), [app]);
  const [none] = await data.children(staging);
  assert.equal(none?.kind, "noApps");
});
