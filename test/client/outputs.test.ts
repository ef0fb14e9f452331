import assert from "node:assert/strict";
import { test } from "node:test";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal, gate, until } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("spawnMap puts all inputs, finishes them, and does not wait for results", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const progress: number[] = [];
  const rows = Array.from({ length: 2_000 }, (_, index) => [index]);
  const fn = server.client().functions.fromName("app", "f");
  const call = await fn.spawnMap(rows, { kwargs: { k: 1 }, onProgress: (count) => progress.push(count) });
  const [map] = server.requests("functionMap");
  assert.deepEqual([map?.request.functionCallType, map?.request.functionCallInvocationType], [2, 3]);
  assert.equal(server.requests("functionFinishInputs")[0]?.request.numInputs, 2_000);
  assert.equal(server.calls.get(call.functionCallId)?.numInputs, 2_000);
  assert.equal(progress.at(-1), 2_000);
  assert.deepEqual(
    progress,
    [...progress].sort((a, b) => a - b),
  );
  for (const { request } of server.requests("functionPutInputs")) assert.ok(request.inputs.length <= 512);
});

test("a spawnMap that is aborted half-way cancels its call", LIMIT, async () => {
  await using server = await FakeModal.start();
  const controller = new AbortController();
  async function* rows() {
    yield [1];
    await until(() => server.calls.size === 1);
    controller.abort(new Error("enough"));
    yield [2];
  }
  const fn = server.client().functions.fromName("app", "f");
  await assert.rejects(fn.spawnMap(rows(), { signal: controller.signal }), { message: "enough" });
  assert.equal(server.requests("functionCallCancel")[0]?.request.functionCallId, "fc-1");
  assert.equal(server.requests("functionFinishInputs").length, 0);
});

test("outputs follows a call to its end, from any cursor", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.maxOutputs = 400;
  const modal = server.client();
  const rows = Array.from({ length: 1_000 }, (_, index) => [index]);
  const call = await modal.functions.fromName("app", "f").spawnMap(rows);
  const batches = await collect(call.outputs());
  assert.deepEqual(
    batches.flatMap(({ outputs }) => outputs.map(({ index }) => index)),
    rows.map(([index]) => index),
  );
  assert.equal(batches.at(-1)?.numUnfinishedInputs, 0);
  const rest = await collect(modal.calls.fromId(call.functionCallId).outputs({ cursor: batches[1]?.cursor }));
  assert.equal(rest.flatMap(({ outputs }) => outputs).length, 200);
});

test("outputs holds one poll while nothing happens, and goes on with the next result", LIMIT, async () => {
  await using server = await FakeModal.start();
  const second = gate();
  server.run = ([x]) => (x === 1 ? second.promise.then(() => x) : x);
  const call = await server
    .client()
    .functions.fromName("app", "f")
    .spawnMap([[0], [1]]);
  const seen: number[] = [];
  for await (const { outputs } of call.outputs({ maxWaitMs: 5_000 })) {
    seen.push(...outputs.map(({ index }) => index));
    if (seen.length === 1) setTimeout(second.open, 50);
  }
  assert.deepEqual(seen, [0, 1]);
  const waits = server.requests("functionGetOutputs").map(({ request }) => request.timeout);
  assert.deepEqual(waits, [5, 5, 0]);
});

test("an abort ends the watch", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const call = await server
    .client()
    .functions.fromName("app", "f")
    .spawnMap([[0]]);
  const controller = new AbortController();
  const watch = collect(call.outputs({ signal: controller.signal }));
  await until(() => server.requests("functionGetOutputs").length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(watch, { message: "enough" });
});

test("a watch that lost the server can go on from its cursor", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.maxOutputs = 1;
  const call = await server
    .client()
    .functions.fromName("app", "f")
    .spawnMap([[0], [1], [2]]);
  const seen: number[] = [];
  let cursor: string | undefined;
  const watch = async () => {
    for await (const batch of call.outputs({ cursor })) {
      ({ cursor } = batch);
      seen.push(...batch.outputs.map(({ index }) => index));
      if (seen.length === 1) server.fail("functionGetOutputs", RpcStatus.NOT_FOUND, 1);
    }
  };
  await assert.rejects(watch(), { name: "NotFoundError" });
  await watch();
  assert.deepEqual(seen, [0, 1, 2]);
});
