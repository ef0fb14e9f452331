import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { bytes, dictsAndQueues, text } from "./dictHarness.ts";

const DICT = "di-d";
const LARGE = new Uint8Array(200_000).fill(7);
const DAY_MS = 24 * 60 * 60 * 1_000;

test("a key has the value that was put last, until it is taken out", async (t) => {
  const { dicts } = await dictsAndQueues(t);
  assert.equal(dicts.get(DICT, bytes("a")), undefined);
  assert.equal(await dicts.update(DICT, [{ key: bytes("a"), value: bytes("1") }]), true);
  await dicts.update(DICT, [
    { key: bytes("a"), value: bytes("2") },
    { key: bytes("b"), value: bytes("") },
  ]);
  assert.equal(text(dicts.get(DICT, bytes("a"))), "2");
  assert.equal(text(dicts.get(DICT, bytes("b"))), "", "a value may have no bytes");
  assert.equal(dicts.length(DICT), 2);
  assert.equal(text(await dicts.pop(DICT, bytes("a"))), "2");
  assert.equal(await dicts.pop(DICT, bytes("a")), undefined);
  assert.equal(dicts.has(DICT, bytes("a")), false);
  await dicts.clear(DICT);
  assert.equal(dicts.length(DICT), 0);
});

test("of many who put a key that must be new, one does", async (t) => {
  const { dicts, files } = await dictsAndQueues(t);
  const put = (value: Uint8Array) => dicts.update(DICT, [{ key: bytes("a"), value }], true);
  const results = await Promise.all([put(LARGE), put(LARGE), put(LARGE)]);
  assert.deepEqual(results.filter(Boolean).length, 1);
  assert.equal(files(), 1, "nothing is left of the values that were not put");
});

test("large values are files, which go with their entry", async (t) => {
  const { dicts, store, files } = await dictsAndQueues(t);
  const put = (key: string) => dicts.update(DICT, [{ key: bytes(key), value: LARGE }]);
  await put("a");
  await put("a");
  await put("b");
  assert.deepEqual(dicts.get(DICT, bytes("a")), Buffer.from(LARGE));
  assert.equal(files(), 2, "the value that was replaced is gone");
  assert.equal(store.dicts.payloadNames().length, 2);
  assert.equal((await dicts.pop(DICT, bytes("b")))?.length, LARGE.length);
  assert.equal(files(), 1);
  await dicts.clear(DICT);
  assert.equal(files(), 0);
});

test("the entries of a dict come in pages, each of them once", async (t) => {
  const { dicts } = await dictsAndQueues(t);
  const keys = Array.from({ length: 2_500 }, (_, index) => String(index));
  await dicts.update(
    DICT,
    keys.map((key) => ({ key: bytes(key), value: bytes(`v${key}`) })),
  );
  const found = new Map<string | undefined, string | undefined>();
  let pages = 0;
  let last: Uint8Array = new Uint8Array();
  for (let page = dicts.page(DICT, last, true); page.length > 0; page = dicts.page(DICT, last, true), pages++) {
    for (const { key, value } of page) found.set(text(key), text(value));
    last = page.at(-1)?.key ?? last;
  }
  assert.ok(pages > 1);
  assert.deepEqual([...found].sort(), keys.map((key) => [key, `v${key}`]).sort());
  assert.equal(dicts.page(DICT, new Uint8Array(), false)[0]?.value.length, 0, "values only where they are wanted");
});

test("more than Modal takes is refused, and so is a dict that is not there", async (t) => {
  const { dicts } = await dictsAndQueues(t);
  const entry = (key: string) => ({ key: bytes(key), value: bytes("") });
  const many = Array.from({ length: 10_001 }, (_, index) => entry(String(index)));
  await assert.rejects(dicts.update(DICT, many), { code: RpcStatus.INVALID_ARGUMENT });
  await assert.rejects(dicts.update(DICT, [entry("a"), entry("b")], true), { code: RpcStatus.INVALID_ARGUMENT });
  await assert.rejects(dicts.pop("di-none", bytes("a")), { code: RpcStatus.NOT_FOUND, message: /no dict di-none/ });
});

test("an entry that nobody used for a week goes; reading it counts as use", async (t) => {
  const { dicts, clock, expiry, files, store } = await dictsAndQueues(t);
  await dicts.update(DICT, [
    { key: bytes("read"), value: bytes("1") },
    { key: bytes("left"), value: LARGE },
  ]);
  clock.jump(4 * DAY_MS);
  dicts.get(DICT, bytes("read"));
  store.database.flush();
  clock.jump(4 * DAY_MS);
  await expiry.look();
  assert.equal(dicts.has(DICT, bytes("read")), true);
  assert.equal(dicts.has(DICT, bytes("left")), false);
  assert.equal(files(), 0);
});

test("a dict without a name stays while it is heard of; what is left of one that is gone goes too", async (t) => {
  const { dicts, clock, expiry, store, addNameless } = await dictsAndQueues(t);
  const settle = async () => {};
  for (const id of ["di-used", "di-silent"]) {
    await addNameless(id);
    await dicts.update(id, [{ key: bytes("a"), value: bytes("1") }]);
  }
  await dicts.update(DICT, [{ key: bytes("a"), value: bytes("1") }]);
  await expiry.look();
  for (let minutes = 0; minutes < 20; minutes += 5) {
    await clock.advance(5 * 60_000, settle);
    expiry.heard("di-used");
  }
  await expiry.look();
  assert.deepEqual(
    store.objects.all("di").map(({ objectId }) => objectId),
    [DICT, "di-used"],
  );
  assert.deepEqual([...store.dicts.ids()], [DICT, "di-used"]);
  await store.database.write(() => store.objects.delete(DICT)); // As when its environment is deleted.
  await expiry.look();
  assert.deepEqual([...store.dicts.ids()], ["di-used"]);
});
