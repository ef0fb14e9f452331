import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { type FunctionCall, InternalFailure, RemoteError } from "../../src/client/index.ts";
import { DataFormat, FunctionCallType } from "../../src/proto/gen/modal_pb.js";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import asyncio, os, time, modal

app = modal.App("generators")

@app.function()
def count(n):
    yield from range(n)

@app.function()
async def count_async(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i

@app.function()
def talk(n):
    for i in range(n):
        print(f"yielding {i}")
        yield i

@app.function()
def fail_after(n):
    yield from range(n)
    raise ValueError(f"after {n}")

@app.function()
def blobs(n, size):
    for i in range(n):
        yield bytes([i % 256]) * size

@app.function()
def unserializable():
    yield 1
    yield object()

@app.function()
def endless(path):
    try:
        i = 0
        while True:
            yield i
            i += 1
            time.sleep(0.005)
    finally:
        with open(path, "w") as file:
            file.write("closed")

@app.function()
def busy(path):
    try:
        i = 0
        while True:
            yield i
            i += 1
    finally:
        time.sleep(0.2)
        with open(path, "w") as file:
            file.write("closed")

@app.function()
async def endless_async(path):
    try:
        i = 0
        while True:
            yield i
            i += 1
    finally:
        with open(path, "w") as file:
            file.write("closed")

@app.function()
def doubled(n):
    for value in count.remote_gen(n):
        yield 2 * value

@app.function()
async def doubled_async(n):
    async for value in count_async.remote_gen.aio(n):
        yield 2 * value

@app.function()
def first_of(path):
    for value in endless.remote_gen(path):
        return value

@app.function()
def error_of(n):
    got = []
    try:
        for value in fail_after.remote_gen(n):
            got.append(value)
    except Exception as error:
        return [got, repr(error)]

@app.function()
def items_of(call_id):
    call = modal.FunctionCall.from_id(call_id)
    first = next(call.get_gen())
    return [first, list(call.get_gen())]

@app.function()
async def items_of_async(call_id):
    return [value async for value in modal.FunctionCall.from_id(call_id).get_gen.aio()]

@app.function()
def wrong_verbs():
    said = []
    for call in (lambda: count.remote(1), lambda: next(first_of.remote_gen("x")), lambda: list(count.map([1]))):
        try:
            call()
        except modal.exception.InvalidError as error:
            said.append(str(error))
    return said

@app.function()
def dies_once(path, release):
    yield "first"
    if not os.path.exists(path):
        open(path, "w").close()
        os._exit(7)
    while not os.path.exists(release):
        time.sleep(0.01)
    yield "second"

@app.function()
def dies_when_told(release):
    yield "read"
    while not os.path.exists(release):
        time.sleep(0.01)
    os._exit(7)

@app.function(retries=2)
def flaky(path):
    yield "once"
    if not os.path.exists(path):
        open(path, "w").close()
        raise ValueError("the first time")
`;

test("generators", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("generators", name);
  const path = (name: string) => `${harness.folder}/${name}`;
  const isClosed = (name: string) =>
    readFile(path(name), "utf8").then(
      (text) => text === "closed",
      () => false,
    );
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  for (const name of ["count", "count_async"]) {
    for (const count of [0, 1, 10_000]) {
      await t.test(`${name} yields ${count} items, in order`, async () => {
        assert.deepEqual(await collected(named(name).remoteGen([count])), numbers(count));
      });
    }
  }

  await t.test("prints between items are logs", async () => {
    let call: FunctionCall | undefined;
    const onCall = (made: FunctionCall) => (call = made);
    assert.deepEqual(await collected(named("talk").remoteGen([3], {}, { onCall })), [0, 1, 2]);
    const { functionCallId } = call ?? assert.fail();
    const { appId } = await modal.calls.fromId(functionCallId).hydrate();
    const logs = () => collected(modal.logs.stream({ appId, functionCallId }));
    await until("all prints are there", async () =>
      (await logs())
        .map(({ text }) => text)
        .join("")
        .includes("yielding 2\n"),
    );
  });

  await t.test("an exception comes after the items before it", async () => {
    const got: unknown[] = [];
    const read = async () => {
      for await (const item of named("fail_after").remoteGen([50])) got.push(item);
    };
    await assert.rejects(read(), (error) => {
      assert.ok(error instanceof RemoteError);
      assert.equal(error.exception, "ValueError('after 50')");
      assert.match(error.traceback, /in fail_after/);
      return true;
    });
    assert.deepEqual(got, numbers(50));
  });

  await t.test("an item that has no form on the wire is a failure", async () => {
    await assert.rejects(collected(named("unserializable").remoteGen()), /SerializationError/);
  });

  await t.test("items of a megabyte", async () => {
    let index = 0;
    for await (const item of named("blobs").remoteGen([20, 1024 * 1024])) {
      assert.ok(item instanceof Uint8Array);
      assert.equal(item.length, 1024 * 1024);
      assert.equal(item[12_345], index++);
    }
    assert.equal(index, 20);
  });

  for (const name of ["endless", "busy", "endless_async"]) {
    await t.test(`leaving the loop ends ${name}, which runs its finally`, async () => {
      const file = path(`${name}-left`);
      for await (const item of named(name).remoteGen([file])) if (item === 3) break;
      await until("the generator is closed", () => isClosed(`${name}-left`));
    });

    await t.test(`cancelling ends ${name}, and its reader learns of it`, async () => {
      const call = await named(name).spawn([path(`${name}-cancelled`)]);
      const got: unknown[] = [];
      const read = async () => {
        for await (const item of call.getGen()) {
          got.push(item);
          if (got.length === 3) void call.cancel();
        }
      };
      await assert.rejects(read(), /cancel/i);
      assert.deepEqual(got.slice(0, 3), [0, 1, 2]);
      await until("the generator is closed", () => isClosed(`${name}-cancelled`));
      assert.equal((await call.output(0)).status, "TERMINATED");
    });
  }

  await t.test("aborting the reader cancels the call", async () => {
    const stop = new AbortController();
    const read = async () => {
      for await (const item of named("endless").remoteGen([path("aborted")], {}, { signal: stop.signal })) {
        if (item === 2) stop.abort(new Error("enough"));
      }
    };
    await assert.rejects(read(), /enough/);
    await until("the generator is closed", () => isClosed("aborted"));
  });

  await t.test("a function reads another generator", async () => {
    assert.deepEqual(
      await collected(named("doubled").remoteGen([2_000])),
      numbers(2_000).map((value) => 2 * value),
    );
    assert.deepEqual(
      await collected(named("doubled_async").remoteGen([50])),
      numbers(50).map((value) => 2 * value),
    );
    assert.deepEqual(await named("error_of").remote([3]), [[0, 1, 2], "ValueError('after 3')"]);
    assert.equal(await named("first_of").remote([path("nested")]), 0);
    await until("the generator is closed", () => isClosed("nested"));
  });

  await t.test("the wrong verb says which is right", async () => {
    await assert.rejects(named("count").remote([1]), /call it by itself, with remoteGen\(\) or Run/);
    await assert.rejects(collected(named("first_of").remoteGen(["x"])), /call it with remote\(\)/);
    await assert.rejects(collected(named("count").map([[1]])), /remoteGen/);
    const said = (await named("wrong_verbs").remote()) as string[];
    assert.equal(said.length, 3);
    assert.match(said.join("\n"), /count\.remote_gen.*first_of\.remote.*cannot be mapped/s);
    const { functionId } = await named("count").hydrate();
    await assert.rejects(
      harness.service().functionMap({ functionId, functionCallType: FunctionCallType.MAP }),
      /cannot be mapped/,
    );
  });

  await t.test(
    "user code reads the items of a call that it knows by its id, and leaving the loop leaves the call",
    async () => {
      const { functionCallId } = await named("count").spawn([4]);
      assert.deepEqual(await named("items_of").remote([functionCallId]), [0, [0, 1, 2, 3]]);
      assert.deepEqual(await named("items_of_async").remote([functionCallId]), [0, 1, 2, 3]);
      const failing = await named("fail_after").spawn([2]);
      await assert.rejects(named("items_of").remote([failing.functionCallId]), /ValueError/);
    },
  );

  await t.test("a container that dies before anybody reads starts the items over", async () => {
    const call = await named("dies_once").spawn([path("died"), path("release")]);
    await until("the container died", () =>
      readFile(path("died")).then(
        () => true,
        () => false,
      ),
    );
    await writeFile(path("release"), "");
    await until("the call ended", async () =>
      call.get({ timeoutMs: 0 }).then(
        () => true,
        (error) => error.name !== "TimeoutError",
      ),
    );
    assert.deepEqual(await collected(call.getGen()), ["first", "second"]);
  });

  await t.test("a container that dies after that is a failure, not a second beginning", async () => {
    const got: unknown[] = [];
    const read = async () => {
      for await (const item of named("dies_when_told").remoteGen([path("die")])) {
        got.push(item);
        await writeFile(path("die"), "");
      }
    };
    await assert.rejects(read(), (error) => {
      assert.ok(error instanceof InternalFailure);
      assert.match(error.message, /exit code 7 after items of this generator had been read/);
      return true;
    });
    assert.deepEqual(got, ["read"]);
  });

  await t.test("a retry starts over, unless items were read", async () => {
    const call = await named("flaky").spawn([path("flaky")]);
    await until("the call ended", async () =>
      call.get({ timeoutMs: 0 }).then(
        () => true,
        (error) => error.name !== "TimeoutError",
      ),
    );
    assert.deepEqual(await collected(call.getGen()), ["once"]);
  });

  await t.test("a slow reader gets everything", async () => {
    const call = await named("blobs").spawn([40, 200_000]);
    let count = 0;
    for await (const item of call.getGen()) {
      assert.equal((item as Uint8Array)[0], count++);
      await delay(2);
    }
    assert.equal(count, 40);
  });

  await t.test("on the wire: indexes from 1, a start after any of them, and a stream that stays open", async () => {
    const call = await named("count").spawn([5]);
    await collected(call.getGen());
    const stop = new AbortController();
    const callInfo = { case: "functionCallId", value: call.functionCallId } as const;
    const stream = harness.service().functionCallGetDataOut({ callInfo, lastIndex: 2n }, { signal: stop.signal });
    const seen: unknown[] = [];
    const read = async () => {
      for await (const chunks of stream) {
        for (const { index, dataFormat } of chunks) seen.push([index, dataFormat]);
        if (seen.length === 3) setTimeout(() => stop.abort(new Error("still open")), 50);
      }
    };
    await assert.rejects(read(), /still open/);
    assert.deepEqual(
      seen,
      [3n, 4n, 5n].map((index) => [index, DataFormat.CBOR]),
    );
    await assert.rejects(call.get(), /getGen/);
  });
});

test("what a generator yielded outlives the engine, and an unfinished one says that it did not", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const named = (name: string) => harness.modal().functions.fromName("generators", name);
  const finished = await named("count").spawn([1_000]);
  const reader = finished.getGen()[Symbol.asyncIterator]();
  const first = [(await reader.next()).value, (await reader.next()).value];
  await until("the call ended", async () =>
    finished.output(0).then(
      () => true,
      () => false,
    ),
  );
  const unfinished = await named("endless").spawn([`${harness.folder}/unfinished`]);
  for await (const item of unfinished.getGen()) if (item === 2) break;
  await harness.end("SIGKILL");
  await harness.restart();

  const rest: unknown[] = [];
  for (let next = await reader.next(); !next.done; next = await reader.next()) rest.push(next.value);
  assert.deepEqual(
    [...first, ...rest],
    Array.from({ length: 1_000 }, (_, index) => index),
  );
  const { calls } = harness.modal();
  assert.equal((await collected(calls.fromId(finished.functionCallId).getGen())).length, 1_000);
  await assert.rejects(
    collected(calls.fromId(unfinished.functionCallId).getGen()),
    /The engine ended after items of this generator had been read/,
  );
  assert.ok((await harness.engine().clean({ olderThanSeconds: 0 })).bytes > 0n);
});
