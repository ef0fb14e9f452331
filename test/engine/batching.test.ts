import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const SOURCE = `import os, time
import modal

app = modal.App("batches")
here = os.path.dirname(os.path.abspath(__file__))

@app.function(max_containers=1)
@modal.batched(max_batch_size=4, wait_ms=60000)
def full(xs: list[int]) -> list:
    return [[x, len(xs)] for x in xs]

@app.function(max_containers=1)
@modal.batched(max_batch_size=1000, wait_ms=300)
async def lingering(xs: list[int], offset: list[int]) -> list:
    return [[x + by, len(xs)] for x, by in zip(xs, offset)]

@app.function(max_containers=1)
@modal.batched(max_batch_size=3, wait_ms=60000)
def held(names):
    open(os.path.join(here, "held"), "w").close()
    while not os.path.exists(os.path.join(here, "release")): time.sleep(0.01)
    return names

@app.function(max_containers=1, retries=modal.Retries(max_retries=1, initial_delay=0.01, backoff_coefficient=1.0))
@modal.batched(max_batch_size=2, wait_ms=60000)
def flaky(xs):
    path = os.path.join(here, "failed")
    if not os.path.exists(path):
        open(path, "w").close()
        raise ValueError("the first time")
    return [x * x for x in xs]

@app.function()
@modal.batched(max_batch_size=2, wait_ms=60000)
def short(xs):
    return xs[1:]

@app.cls(max_containers=1)
class Model:
    factor: int = modal.parameter(default=2)
    @modal.batched(max_batch_size=3, wait_ms=60000)
    def predict(self, xs): return [[x * self.factor, len(xs)] for x in xs]

@app.cls(max_containers=1)
class Two:
    @modal.method()
    def one(self, xs): return [["one", x, len(xs)] for x in xs] if isinstance(xs, list) else "single"
    @modal.method()
    def other(self, xs): return [["other", x, len(xs)] for x in xs]

@app.function()
def inside():
    batched = Two.with_batching(max_batch_size=2, wait_ms=60000)()
    return list(batched.one.map([1, 2]))
`;

async function start(t: TestContext) {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(SOURCE);
  const modal = harness.modal();
  return { harness, modal, apps, named: (name: string) => modal.functions.fromName("batches", name) };
}

test("batching", async (t) => {
  const { harness, modal, apps, named } = await start(t);

  await t.test("is applied, and nothing is said about it", () => assert.deepEqual(apps[0]?.notApplied, []));

  await t.test("a map is run in full batches, each input with its result", async () => {
    const results = await collected(named("full").map([[1, 2, 3, 4, 5, 6, 7, 8]]));
    assert.deepEqual(
      results,
      [1, 2, 3, 4, 5, 6, 7, 8].map((x) => [x, 4]),
    );
  });

  await t.test("single calls share a batch", async () => {
    const results = await Promise.all([1, 2, 3, 4].map((x) => named("full").remote([x])));
    assert.deepEqual(
      results,
      [1, 2, 3, 4].map((x) => [x, 4]),
    );
  });

  await t.test("a batch that does not fill up goes after its wait, and takes names of arguments", async () => {
    const results = await Promise.all(
      [1, 2, 3].map((x) => named("lingering").remote(x === 2 ? [x, 10] : [x], x === 2 ? {} : { offset: 10 })),
    );
    assert.deepEqual(
      results.map((result) => (result as number[])[0]),
      [11, 12, 13],
    );
  });

  await t.test("a list of another length fails every input of its batch, in Modal's words", async () => {
    const failures = await Promise.allSettled([1, 2].map((x) => named("short").remote([x])));
    for (const failure of failures) {
      assert.equal(failure.status, "rejected");
      assert.match(
        String(failure.reason),
        /Output of batched function short must be a list of equal length as its inputs/,
      );
    }
  });

  await t.test("a batch that fails is tried again by its inputs' policy", async () => {
    assert.deepEqual(await collected(named("flaky").map([[3, 4]])), [9, 16]);
  });

  await t.test("one input of a running batch is cancelled, and the others have their results", async () => {
    const [first, doomed, last] = await Promise.all(["a", "b", "c"].map((name) => named("held").spawn([name])));
    assert.ok(first && doomed && last);
    await until("the batch runs", () => existsSync(`${harness.folder}/src/held`));
    const stats = await named("held").getCurrentStats();
    assert.deepEqual([stats.numRunningInputs, stats.numTotalRunners, stats.inputHeadroom], [3, 1, 0]);
    await doomed.cancel();
    await assert.rejects(doomed.get(), /cancelled/);
    await harness.write("release", "");
    assert.deepEqual([await first.get(), await last.get()], ["a", "c"]);
  });

  await t.test("a batched method has the batches of its instance", async () => {
    const predict = modal.classes.fromName("batches", "Model").instance({ factor: 5 }).method("predict");
    assert.deepEqual(await collected(predict.map([[1, 2, 3]])), [
      [5, 3],
      [10, 3],
      [15, 3],
    ]);
  });

  await t.test("a class is given batches by an option: each method has its own", async () => {
    const two = modal.classes.fromName("batches", "Two").withBatching({ maxBatchSize: 2, waitMs: 60_000 }).instance();
    const results = await Promise.all([
      two.method("one").remote([1]),
      two.method("other").remote([2]),
      two.method("one").remote([3]),
      two.method("other").remote([4]),
    ]);
    assert.deepEqual(results, [
      ["one", 1, 2],
      ["other", 2, 2],
      ["one", 3, 2],
      ["other", 4, 2],
    ]);
    assert.deepEqual(await named("inside").remote(), [
      ["one", 1, 2],
      ["one", 2, 2],
    ]);
    assert.equal(await modal.classes.fromName("batches", "Two").instance().method("one").remote([1]), "single");
  });
});
