import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf } from "../../src/engine/ids.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import type { FakeWorker } from "./fakeWorker.ts";
import { launchOf, PoolHarness } from "./poolHarness.ts";

const BATCHED = { max_containers: 1, batch_max_size: 3, batch_wait_ms: 500 };

const batches = (worker: FakeWorker | undefined) =>
  worker?.batches.map((batch) => batch.map(({ key }) => indexOf(key)));

test("inputs are gathered until the batch is full", async () => {
  const harness = new PoolHarness(BATCHED);
  const call = harness.call();
  harness.enqueue(call, 2);
  await harness.start();
  const [worker] = harness.live;
  assert.deepEqual(batches(worker), []);
  harness.enqueue(call, 2);
  await harness.settle();
  assert.deepEqual(batches(worker), [[0, 1, 2]]);
});

test("a batch that is not full goes when its first input has waited long enough", async () => {
  const harness = new PoolHarness(BATCHED);
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.start();
  const [worker] = harness.live;
  await harness.advance(300);
  harness.enqueue(call, 1);
  await harness.advance(199);
  assert.deepEqual(batches(worker), []);
  await harness.advance(1);
  assert.deepEqual(batches(worker), [[0, 1]]);
});

test("what has waited for a container waits no longer", async () => {
  const harness = new PoolHarness(BATCHED);
  const call = harness.call();
  harness.enqueue(call, 4);
  await harness.start();
  const [worker] = harness.live;
  await harness.advance(600);
  assert.deepEqual(batches(worker), [[0, 1, 2]]);
  worker?.finish(Status.SUCCESS, 600);
  await harness.settle();
  assert.deepEqual(batches(worker), [[3]]);
});

test("inputs of several calls share a batch, in turns; inputs of several methods do not", async () => {
  const harness = new PoolHarness({ ...BATCHED, max_containers: 2 });
  const map = harness.call();
  const [, , , other] = harness.enqueue(map, 4, "one");
  const [single] = harness.enqueue(harness.call(), 1, "one");
  const [elsewhere] = harness.enqueue(harness.call(), 1, "two");
  assert.ok(other && single && elsewhere);
  await harness.start();
  await harness.advance(500);
  const keys = harness.live.map((worker) => worker.batches.map((batch) => batch.map(({ key }) => key)));
  assert.equal(keys[0]?.[0]?.includes(single.key), true);
  const lonely = keys.flat().find((batch) => batch.includes(elsewhere.key));
  assert.deepEqual(lonely, [elsewhere.key]);
});

test("each input of a batch has its own output, and its own retry", async () => {
  const harness = new PoolHarness({
    ...BATCHED,
    retries: { max_retries: 1, initial_delay_s: 1, backoff_coefficient: 1, max_delay_s: 1 },
  });
  const inputs = harness.enqueue(harness.call(), 3);
  await harness.start();
  harness.live[0]?.finish(Status.FAILURE);
  await harness.settle();
  assert.deepEqual(
    inputs.map((input) => [harness.statusOf(input), input.retryCount]),
    Array(3).fill([undefined, 1]),
  );
  await harness.advance(1_000);
  assert.deepEqual(batches(harness.live[0]), [[0, 1, 2]]);
  await harness.finishAll();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(3).fill("SUCCESS"),
  );
});

test("cancelling one input of a batch ends it at once, and the others are still answered", async () => {
  const harness = new PoolHarness(BATCHED);
  const call = harness.call();
  const [cancelled] = harness.enqueue(call, 1);
  const others = harness.enqueue(harness.call(), 2);
  assert.ok(cancelled);
  await harness.start();
  const [worker] = harness.live;
  harness.pool.cancel(call, false);
  await harness.settle();
  assert.equal(harness.statusOf(cancelled), "TERMINATED");
  assert.equal(worker?.asked.size, 0, "its code was not interrupted");
  await harness.finishAll();
  assert.deepEqual(
    others.map((input) => harness.statusOf(input)),
    ["SUCCESS", "SUCCESS"],
  );
});

test("a batch over the timeout ends as a whole", async () => {
  const harness = new PoolHarness({ ...BATCHED, timeout_s: 1 });
  const inputs = harness.enqueue(harness.call(), 3);
  await harness.start();
  await harness.advance(1_200);
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(3).fill("TIMEOUT"),
  );
});

test("a container that dies costs each input of its batch a try", async () => {
  const harness = new PoolHarness(BATCHED);
  const inputs = harness.enqueue(harness.call(), 3);
  await harness.start();
  harness.live[0]?.exit();
  await harness.finishAll();
  assert.deepEqual(
    inputs.map((input) => [harness.statusOf(input), input.lost]),
    Array(3).fill(["SUCCESS", 1]),
  );
});

test("only full batches are sent ahead: others may still grow", async () => {
  const harness = new PoolHarness(BATCHED);
  harness.enqueue(harness.call(), 3);
  await harness.finishAll(0.1);
  const call = harness.call();
  harness.enqueue(call, 7);
  await harness.settle();
  const [worker] = harness.live;
  assert.deepEqual(batches(worker), [
    [0, 1, 2],
    [3, 4, 5],
  ]);
  harness.enqueue(call, 1);
  worker?.finish(Status.SUCCESS, 0.1);
  await harness.settle();
  assert.deepEqual(batches(worker), [[3, 4, 5]]);
});

test("a container is started for each batch that waits, and one that is not full is enough of a reason", async () => {
  const harness = new PoolHarness({ ...BATCHED, max_containers: 5 });
  harness.enqueue(harness.call(), 7);
  await harness.start();
  assert.equal(harness.live.length, 3);
});

test("a batch that waits for a call of its own, and is not full, makes room for another container", async () => {
  const harness = new PoolHarness({ ...BATCHED, batch_wait_ms: 0 });
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.start();
  harness.answer = new Promise(() => {});
  void harness.live[0]?.request("outputs");
  harness.enqueue(call, 1);
  await harness.start();
  assert.deepEqual(harness.live.map(batches), [[[0]], [[1]]]);
});

test("a version with other batches makes new ones of what waits", async () => {
  const harness = new PoolHarness(BATCHED);
  harness.enqueue(harness.call(), 2);
  await harness.start();
  harness.pool.update(launchOf({ max_containers: 1 }, "v2.json"));
  await harness.start();
  assert.deepEqual(harness.live.map(batches), [[[0]]]);
  harness.pool.close();
  assert.equal(harness.clock.pending, 0, "nothing is gathered any more");
});

test("a batch counts as its inputs in the stats", async () => {
  const harness = new PoolHarness({ ...BATCHED, max_containers: 2 });
  harness.enqueue(harness.call(), 4);
  await harness.start();
  assert.deepEqual(harness.pool.stats(), {
    backlog: 1,
    numTotalTasks: 2,
    numRunningInputs: 3,
    inputHeadroom: 3,
    startFailure: "",
  });
});
