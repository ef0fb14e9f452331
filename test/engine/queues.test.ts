import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { bytes, dictsAndQueues, text } from "./dictHarness.ts";

const MAIN = { queueId: "qu-q", key: new Uint8Array() };
const OTHER = { queueId: "qu-q", key: bytes("other") };
const NOW = { timeoutMs: 0, signal: undefined };
/** Longer than any test. */
const LONG = { timeoutMs: 10 * 60_000, signal: undefined };
const LARGE = new Uint8Array(200_000).fill(7);
const DAY_SECONDS = 24 * 60 * 60;

const texts = (values: readonly Uint8Array[]) => values.map(text);

test("what was put first comes first, in each partition by itself", async (t) => {
  const { queues } = await dictsAndQueues(t);
  await queues.put(MAIN, [bytes("1"), bytes("2"), bytes("3")], 0);
  await queues.put(OTHER, [bytes("a")], 0);
  assert.deepEqual(texts(await queues.take(MAIN, 2, NOW)), ["1", "2"]);
  assert.equal(queues.length(MAIN), 1);
  assert.deepEqual(queues.size("qu-q"), { partitions: 2, items: 2 });
  assert.deepEqual(texts(await queues.take(OTHER, 5, NOW)), ["a"]);
  assert.deepEqual(await queues.take(OTHER, 5, NOW), [], "an empty one has nothing");
  assert.deepEqual(queues.size("qu-q"), { partitions: 1, items: 1 });
  await queues.put(OTHER, [LARGE], 0);
  await queues.clear(MAIN);
  assert.equal(queues.length(MAIN), 0);
  await queues.clearAll("qu-q");
  assert.deepEqual(queues.size("qu-q"), { partitions: 0, items: 0 });
});

test("who waits first is served first, an item each", async (t) => {
  const { queues } = await dictsAndQueues(t);
  const order: string[] = [];
  const waiting = ["first", "second", "third"].map(async (name) => {
    const values = texts(await queues.take(MAIN, 1, LONG));
    order.push(`${name} ${values}`);
  });
  await queues.take(MAIN, 1, NOW); // All of them wait by now.
  await queues.put(MAIN, [bytes("1"), bytes("2")], 0);
  await queues.put(MAIN, [bytes("3")], 0);
  await Promise.all(waiting);
  assert.deepEqual(order, ["first 1", "second 2", "third 3"]);
  assert.equal(queues.length(MAIN), 0);
});

test("who has gone takes nothing with him", async (t) => {
  const { queues } = await dictsAndQueues(t);
  const gone = new AbortController();
  const first = queues.take(MAIN, 1, { ...LONG, signal: gone.signal });
  const second = queues.take(MAIN, 1, LONG);
  await queues.take(MAIN, 1, NOW);
  gone.abort();
  await queues.put(MAIN, [bytes("1")], 0);
  assert.deepEqual(await first, []);
  assert.deepEqual(texts(await second), ["1"]);
  const late = queues.take(MAIN, 1, { timeoutMs: 1, signal: undefined });
  assert.deepEqual(await late, [], "nothing when the time is over");
  await queues.put(MAIN, [bytes("2")], 0);
  assert.equal(queues.length(MAIN), 1);
});

test("what could not be stored is neither put nor taken", async (t) => {
  const { queues, store } = await dictsAndQueues(t);
  const waiting = queues.take(MAIN, 1, LONG);
  await queues.take(MAIN, 1, NOW);
  const put = queues.put(MAIN, [bytes("lost")], 0);
  const spoilt = store.database.write(() => {
    throw new Error("The disk is full.");
  });
  await assert.rejects(spoilt);
  await assert.rejects(put, /The disk is full/);
  assert.equal(queues.length(MAIN), 0);
  await queues.put(MAIN, [bytes("1")], 0);
  assert.deepEqual(texts(await waiting), ["1"]);
});

test("items can be passed through without taking them, and waited for", async (t) => {
  const { queues } = await dictsAndQueues(t);
  await queues.put(MAIN, [bytes("1"), bytes("2")], 0);
  const found = await queues.next(MAIN, "", NOW);
  assert.deepEqual(texts(found.map(({ value }) => value)), ["1", "2"]);
  const last = found.at(-1)?.entryId ?? "";
  assert.deepEqual(await queues.next(MAIN, last, NOW), []);
  const more = queues.next(MAIN, last, LONG);
  await queues.put(OTHER, [bytes("elsewhere")], 0);
  await queues.put(MAIN, [LARGE], 0);
  assert.deepEqual(
    (await more).map(({ value }) => value.length),
    [LARGE.length],
  );
  assert.equal(queues.length(MAIN), 3);
  await assert.rejects(queues.next(MAIN, "x", NOW), { code: RpcStatus.INVALID_ARGUMENT });
});

test("a partition has room for 5,000 items: all of a put or nothing of it", async (t) => {
  const { queues, files } = await dictsAndQueues(t);
  const items = (count: number) => Array.from({ length: count }, () => bytes("x"));
  await queues.put(MAIN, items(4_999), 0);
  const tooMany = [bytes("x"), LARGE];
  await assert.rejects(queues.put(MAIN, tooMany, 0), {
    code: RpcStatus.RESOURCE_EXHAUSTED,
    message: /^The queue is full/,
  });
  assert.equal(files(), 0, "nothing is left of what was refused");
  await queues.put(MAIN, items(1), 0);
  await queues.put(OTHER, items(1), 0);
  assert.equal((await queues.take(MAIN, 9_999, NOW)).length, 5_000);
});

test("what would never fit is refused for good", async (t) => {
  const { queues } = await dictsAndQueues(t);
  const invalid = { code: RpcStatus.INVALID_ARGUMENT };
  await assert.rejects(
    queues.put(
      MAIN,
      Array.from({ length: 5_001 }, () => bytes("x")),
      0,
    ),
    invalid,
  );
  // Modal's Python client raises RequestSizeError for these words.
  const tooLong = { ...invalid, message: /status = '413'/ };
  await assert.rejects(queues.put(MAIN, [new Uint8Array(1024 * 1024 + 1)], 0), tooLong);
  await assert.rejects(queues.put({ ...MAIN, key: new Uint8Array(65) }, [bytes("x")], 0), invalid);
  await assert.rejects(queues.take(MAIN, 0, NOW), invalid);
  await assert.rejects(queues.put({ ...MAIN, queueId: "qu-none" }, [bytes("x")], 0), { code: RpcStatus.NOT_FOUND });
});

test("a partition is kept for a day after its last put, or as long as that said", async (t) => {
  const { queues, clock, expiry, files } = await dictsAndQueues(t);
  await queues.put(MAIN, [LARGE], 0);
  await queues.put(OTHER, [bytes("short"), LARGE], 10);
  clock.jump(11_000);
  assert.deepEqual(queues.size("qu-q"), { partitions: 1, items: 1 });
  assert.deepEqual(await queues.take(OTHER, 1, NOW), [], "its time is over, although it is still there");
  await queues.put(OTHER, [bytes("new")], 10);
  assert.deepEqual(texts(await queues.take(OTHER, 5, NOW)), ["new"]);
  assert.equal(files(), 1);
  clock.jump(DAY_SECONDS * 1_000);
  await expiry.look();
  assert.equal(files(), 0);
  assert.deepEqual(await queues.take(MAIN, 1, NOW), []);
});

test("a queue without a name that is not heard of goes with its items", async (t) => {
  const { queues, clock, expiry, store, files, addNameless } = await dictsAndQueues(t);
  await addNameless("qu-silent");
  await queues.put({ ...MAIN, queueId: "qu-silent" }, [LARGE], 0);
  await expiry.look();
  await clock.advance(16 * 60_000, async () => {});
  await expiry.look();
  assert.equal(store.objects.get("qu", "qu-silent"), undefined);
  assert.equal(files(), 0);
  assert.ok(store.objects.get("qu", "qu-q"));
});

test("many who wait cost little, and are served all", async (t) => {
  const { queues } = await dictsAndQueues(t);
  const waiting = Array.from({ length: 2_000 }, () => queues.take(MAIN, 1, LONG));
  await queues.take(MAIN, 1, NOW);
  await queues.put(
    MAIN,
    Array.from({ length: 2_000 }, (_, index) => bytes(String(index))),
    0,
  );
  const values = await Promise.all(waiting);
  assert.deepEqual(
    values.map(([value]) => text(value)),
    Array.from({ length: 2_000 }, (_, index) => String(index)),
  );
});
