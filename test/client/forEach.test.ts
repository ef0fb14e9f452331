import assert from "node:assert/strict";
import { test } from "node:test";
import { type FunctionCall, RemoteError } from "../../src/client/index.ts";
import { collect, FakeModal, gate, until } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

async function* letters() {
  yield* ["a", "b", "c"];
}

test("forEach runs every input, whatever order they end in, and returns nothing", LIMIT, async () => {
  await using server = await FakeModal.start();
  const last = gate();
  const done: unknown[] = [];
  server.run = async ([x]) => {
    if (x === 0) await last.promise;
    done.push(x);
    if (done.length === 4) last.open();
  };
  const result = await server
    .client()
    .functions.fromName("app", "f")
    .forEach([[0, 1, 2, 3, 4]]);
  assert.equal(result, undefined);
  assert.deepEqual(done, [1, 2, 3, 4, 0]);
});

test(
  "forEach zips iterables of every kind, ends with the shortest, and gives kwargs to every input",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    const inputs: unknown[] = [];
    server.run = (args, kwargs) => inputs.push([...args, kwargs]);
    const fn = server.client().functions.fromName("app", "f");
    await fn.forEach([new Set([1, 2]), letters(), new Map([["k", 1]])], { kwargs: { z: null } });
    assert.deepEqual(inputs, [[1, "a", ["k", 1], { z: null }]]);
  },
);

test("forEach raises the first failure, and with ignoreExceptions runs all the same", LIMIT, async () => {
  await using server = await FakeModal.start();
  const done: unknown[] = [];
  server.run = ([x]) => {
    if (x === 1) throw new Error("one");
    done.push(x);
  };
  const fn = server.client().functions.fromName("app", "f");
  await assert.rejects(fn.forEach([[1]]), (error) => error instanceof RemoteError && /one/.test(error.exception));
  await fn.forEach([[0, 1, 2]], { ignoreExceptions: true });
  assert.deepEqual(done, [0, 2]);
  const asked = server.requests("functionMap").map(({ request }) => request.returnExceptions);
  assert.deepEqual(asked, [false, true]);
});

test("an abort ends forEach with the signal's reason", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const stop = new AbortController();
  let call: FunctionCall | undefined;
  const fn = server.client().functions.fromName("app", "f");
  const loop = fn.forEach([[1, 2]], { signal: stop.signal, onCall: (made) => (call = made) });
  await until(() => server.requests("functionGetOutputs").length > 0);
  stop.abort(new Error("enough"));
  await assert.rejects(loop, { message: "enough" });
  assert.equal(call?.functionCallId, "fc-1");
});

test("forEach over something that is not an iterable says how to write it", async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  for (const wrong of [[1, 2, 3], ["text"], [], "text", undefined]) {
    const message = /fn\.forEach\(\[\[1, 2, 3\]\]\), not fn\.forEach\(\[1, 2, 3\]\)/;
    await assert.rejects(fn.forEach(wrong as never), { name: "InvalidError", message });
  }
  assert.equal(server.seen.length, 0);
});

test("a row of starmap is any iterable but text", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = (args) => args;
  const fn = server.client().functions.fromName("app", "f");
  function* row() {
    yield* [3, "c"];
  }
  const results = await collect(fn.starmap([[1, "a"], new Set([2, "b"]), row()]));
  assert.deepEqual(results, [
    [1, "a"],
    [2, "b"],
    [3, "c"],
  ]);
  for (const wrong of ["ab", 5, null, { a: 1 }]) {
    await assert.rejects(collect(fn.starmap([wrong as never])), { name: "InvalidError", message: /Each row/ });
  }
});
