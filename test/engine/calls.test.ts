import assert from "node:assert/strict";
import { test } from "node:test";
import { RemoteError } from "../../src/client/index.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import modal, sys, time

app = modal.App("calls")

@app.function()
def square(x):
    return x * x

@app.function()
def greet(name, greeting="Hello"):
    print(f"greeting {name}")
    print("careful", file=sys.stderr)
    return f"{greeting}, {name}"

@app.function()
def nothing():
    pass

@app.function()
def large():
    return b"x" * 5_000_000

@app.function()
def huge():
    return b"x" * 70_000_000

@app.function()
def fail(x):
    raise ValueError(f"not {x}")

@app.function()
async def slowly(x):
    return -x

@app.function()
def placed(first, second=2, /, third=3):
    return [first, second, third]

@app.function()
def open(first, /, **more):
    return [first, more]
`;

test("what functions return, print and raise", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("calls", name);

  await t.test("positional and keyword arguments, and none", async () => {
    assert.equal(await named("square").remote([7]), 49);
    assert.equal(await named("greet").remote(["Ada"], { greeting: "Hi" }), "Hi, Ada");
    assert.equal(await named("nothing").remote(), null);
    assert.equal(await named("slowly").remote([3]), -3);
  });

  await t.test("what Python takes by its position only can be given by its name, too", async () => {
    const placed = named("placed");
    assert.deepEqual(await placed.remote([1]), [1, 2, 3]);
    assert.deepEqual(await placed.remote([], { third: 6, second: 5, first: 4 }), [4, 5, 6]);
    assert.deepEqual(await placed.remote([4], { second: 5 }), [4, 5, 3]);
    assert.deepEqual(await collected(placed.map([[1, 2]], { kwargs: { second: 7 } })), [
      [1, 7, 3],
      [2, 7, 3],
    ]);
    await assert.rejects(placed.remote([], { second: 5 }), /positional/);
    assert.deepEqual(await named("open").remote([1], { first: 2 }), [1, { first: 2 }]);
  });

  await t.test("five megabytes", async () => {
    const result = await named("large").remote();
    assert.ok(result instanceof Uint8Array);
    assert.equal(result.length, 5_000_000);
  });

  await t.test("a result that no message could carry arrives too", async () => {
    const value = await named("huge").remote();
    assert.ok(value instanceof Uint8Array);
    assert.equal(value.length, 70_000_000);
    assert.ok(value.every((byte) => byte === 0x78));
  });

  await t.test("an exception names its file and line", async () => {
    await assert.rejects(named("fail").remote([3]), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.equal(error.exception, "ValueError('not 3')");
      assert.match(error.traceback, /app\.py", line 29, in fail\n {4}raise ValueError/);
      return true;
    });
  });

  await t.test("a wrong number of arguments is the function's own error", async () => {
    await assert.rejects(named("square").remote([1, 2]), /TypeError/);
  });

  await t.test("prints are logs, with the input that printed", async () => {
    const call = await named("greet").spawn(["Grace"]);
    await call.get();
    const output = await call.output(0);
    const { appId } = await call.hydrate();
    const logs = () => collected(modal.logs.stream({ appId, functionCallId: call.functionCallId }));
    await until("both prints are there", async () => (await logs()).length >= 2);
    const entries = await logs();
    assert.deepEqual(entries.map(({ source, text }) => [source, text]).sort(), [
      ["stderr", "careful\n"],
      ["stdout", "greeting Grace\n"],
    ]);
    for (const entry of entries) {
      assert.equal(entry.inputId, output.inputId);
      assert.equal(entry.taskId, output.taskId);
    }
    const fetched = await harness.service().appFetchLogs({ appId, functionCallId: call.functionCallId });
    assert.deepEqual(fetched.batches.flatMap(({ items }) => items.map(({ data }) => data)).sort(), [
      "careful\n",
      "greeting Grace\n",
    ]);
  });

  await t.test("followed logs arrive while the stream is open", async () => {
    const { appId } = await modal.apps.lookup("calls");
    const before = await collected(modal.logs.stream({ appId }));
    const stop = new AbortController();
    const follower = modal.logs
      .stream({ appId, follow: true, cursor: before.at(-1)?.cursor, signal: stop.signal })
      [Symbol.asyncIterator]();
    const next = follower.next();
    await named("greet").remote(["Alan"]);
    const { value } = await next;
    assert.match(value?.text ?? "", /greeting Alan|careful/);
    stop.abort(new Error("enough"));
    await assert.rejects(async () => {
      for (;;) await follower.next();
    }, /enough/);
  });

  await t.test("a map of 10,000 comes in order", async () => {
    const results = await collected(named("square").map([Array.from({ length: 10_000 }, (_, index) => index)]));
    assert.equal(results.length, 10_000);
    assert.ok(results.every((result, index) => result === index * index));
  });

  await t.test("stats of an idle function: no work, and room", async () => {
    const stats = await named("square").getCurrentStats();
    assert.equal(stats.backlog, 0);
    assert.equal(stats.numRunningInputs, 0);
    assert.ok(stats.numTotalRunners > 0);
    assert.equal(stats.inputHeadroom >= stats.numTotalRunners, true);
  });

  await t.test("what does not exist is said with what does", async () => {
    await assert.rejects(named("cube").remote([1]), /The app calls has no function cube; it has: square, greet/);
    await assert.rejects(modal.functions.fromName("other", "x").remote(), /No app named other is deployed.*calls/);
    await assert.rejects(modal.calls.fromId("fc-0000000000000000000000").get(), /There is no function call/);
  });
});
