import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf } from "../../src/engine/ids.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { heldIndexes, launchOf, PoolHarness, warmPool } from "./poolHarness.ts";

test("runs the inputs of a call in order, one per container while their run time is unknown", async () => {
  const harness = new PoolHarness({}, 2);
  const inputs = harness.enqueue(harness.call(), 4);
  await harness.start();
  assert.deepEqual(harness.live.map(heldIndexes), [[0], [1]]);
  harness.live[0]?.finish(Status.SUCCESS, 1_000);
  await harness.settle();
  assert.deepEqual(harness.live.map(heldIndexes), [[2], [1]]);
  await harness.finishAll();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(4).fill("SUCCESS"),
  );
});

test("calls take turns, so that a map does not starve a single call", async () => {
  const harness = new PoolHarness({ max_containers: 1 });
  const map = harness.call();
  harness.enqueue(map, 100);
  await harness.start();
  const [single] = harness.enqueue(harness.call(), 1);
  assert.ok(single);
  for (let count = 0; count < 2; count++) {
    harness.live[0]?.finish(Status.SUCCESS, 1_000);
    await harness.settle();
  }
  assert.equal(harness.live[0]?.running?.key, single.key);
});

test("tiny inputs are sent ahead, long ones are not", async () => {
  const { harness, worker } = await warmPool();
  const call = harness.call();
  harness.enqueue(call, 200);
  await harness.settle();
  assert.ok(worker.held.length > 10);
  await harness.finishAll(1_000);
  harness.enqueue(harness.call(), 10);
  await harness.settle();
  assert.equal(worker.held.length, 1);
});

test("inputs behind a long one go to another container, which is started for them", async () => {
  const harness = new PoolHarness({}, 2);
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.finishAll(0.1);
  const inputs = harness.enqueue(call, 6);
  await harness.settle();
  const [first] = harness.live;
  assert.equal(first?.held.length, 6);
  await harness.advance(300);
  await harness.start();
  assert.equal(first?.held.length, 1);
  assert.deepEqual(heldIndexes(harness.live[1]), [2, 3, 4, 5, 6]);
  await harness.finishAll();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(6).fill("SUCCESS"),
  );
});

test("inputs that were moved once can be moved again", async () => {
  const harness = new PoolHarness({}, 2);
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.finishAll(0.1);
  harness.enqueue(call, 6);
  await harness.advance(300);
  await harness.start();
  const [first, second] = harness.live;
  await harness.advance(300);
  assert.deepEqual([heldIndexes(first), heldIndexes(second)], [[1], [2, 3, 4, 5, 6]]);
  first?.finish(Status.FAILURE);
  await harness.settle();
  await harness.advance(200);
  assert.deepEqual([heldIndexes(first), heldIndexes(second)], [[3, 4, 5, 6], [2]]);
});

test("an input that turns out to be long does not hold up what could run beside it", async () => {
  const harness = new PoolHarness({}, 2);
  harness.enqueue(harness.call(), 1);
  await harness.finishAll(0.1);
  await harness.live[0]?.request("lookup"); // Nothing is sent ahead any more.
  harness.enqueue(harness.call(), 1);
  await harness.settle();
  harness.enqueue(harness.call(), 1);
  await harness.settle();
  assert.equal(harness.live.length, 1, "it seems to be soon done");
  await harness.advance(300);
  assert.equal(harness.live.length, 2);
});

test("inputs stay where they are when no other container may take them", async () => {
  const { harness, worker } = await warmPool();
  harness.enqueue(harness.call(), 6);
  await harness.settle();
  await harness.advance(1_000);
  assert.deepEqual(heldIndexes(worker), [0, 1, 2, 3, 4, 5]);
});

test("a container that waits for its own call gives back what waits behind, and makes room for another", async () => {
  const { harness, worker } = await warmPool();
  const call = harness.call();
  harness.enqueue(call, 5);
  await harness.settle();
  assert.equal(worker.held.length, 5);
  let answered = () => {};
  harness.answer = new Promise((resolve) => {
    answered = () => resolve({ value: {} });
  });
  const reply = worker.request("outputs");
  await harness.start();
  assert.deepEqual(heldIndexes(worker), [0]);
  assert.equal(harness.live.length, 2);
  assert.deepEqual(heldIndexes(harness.live[1]), [1], "sent ahead no more, for it may wait too");
  answered();
  await reply;
  await harness.finishAll();
  assert.equal(harness.pool.stats().backlog, 0);
});

test("what comes back from a container keeps its order", async () => {
  const harness = new PoolHarness({ max_containers: 1 });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  harness.enqueue(harness.call(), 8);
  await harness.settle();
  const [old] = harness.live;
  harness.pool.update(launchOf({ max_containers: 1 }, "v2.json"));
  await harness.settle();
  assert.deepEqual(heldIndexes(old), [0]);
  const order: number[] = [];
  for (const worker of [old, harness.live.find((other) => other !== old)]) {
    worker?.ready();
    await harness.settle();
    for (; worker?.running; await harness.settle()) {
      order.push(indexOf(worker.running.key));
      worker.finish(Status.SUCCESS, 500);
    }
  }
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5, 6, 7]);
});

test("a new version takes over; the old containers finish what they run", async () => {
  const harness = new PoolHarness({ max_containers: 1 });
  const inputs = harness.enqueue(harness.call(), 2);
  await harness.start();
  const [old] = harness.live;
  harness.pool.update(launchOf({ max_containers: 1 }, "v2.json"));
  await harness.start();
  const fresh = harness.live.find((worker) => worker !== old);
  assert.equal(fresh?.launch.snapshotPath, "v2.json");
  assert.deepEqual([heldIndexes(old), heldIndexes(fresh)], [[0], [1]]);
  await harness.finishAll();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    ["SUCCESS", "SUCCESS"],
  );
  assert.equal(old?.alive, false);
  assert.equal(old?.wasKilled, false);
});

test("a version that is superseded while its container starts has no other, and that one ends", async () => {
  const harness = new PoolHarness({ min_containers: 1, max_containers: 1 });
  await harness.start();
  harness.pool.update(launchOf({ min_containers: 1, max_containers: 1 }, "v2.json"));
  await harness.settle();
  const second = harness.live.find(({ launch }) => launch.snapshotPath === "v2.json");
  harness.enqueue(harness.call(), 1);
  harness.pool.update(launchOf({ min_containers: 1, max_containers: 1 }, "v3.json"));
  await harness.start();
  await harness.finishAll();
  assert.deepEqual(
    harness.workers.map(({ launch }) => launch.snapshotPath),
    ["v1.json", "v2.json", "v3.json"],
  );
  assert.deepEqual([second?.alive, second?.wasKilled, second?.received.size], [false, false, 0]);
});

test("a closed pool ends its containers, and still tells of what was cancelled", async () => {
  const harness = new PoolHarness({}, 2);
  const cancelled = harness.call();
  const [told] = harness.enqueue(cancelled, 1);
  const [pending] = harness.enqueue(harness.call(), 1);
  assert.ok(told && pending);
  await harness.start();
  for (const worker of harness.live) worker.obeys = false;
  harness.pool.cancel(cancelled, true);
  harness.pool.close();
  await harness.settle();
  assert.equal(harness.statusOf(told), "TERMINATED");
  assert.equal(harness.statusOf(pending), undefined);
  assert.equal(harness.live.length, 0);
  assert.equal(harness.workers.length, 2);
  assert.equal(harness.clock.pending, 0);
});

test("stats count what waits, what runs and what could", async () => {
  const harness = new PoolHarness({ max_containers: 3 });
  harness.enqueue(harness.call(), 2);
  await harness.settle();
  assert.deepEqual(harness.pool.stats(), {
    backlog: 2,
    numTotalTasks: 2,
    numRunningInputs: 0,
    inputHeadroom: 3,
    startFailure: "",
  });
  await harness.start();
  assert.deepEqual(harness.pool.stats(), {
    backlog: 0,
    numTotalTasks: 2,
    numRunningInputs: 2,
    inputHeadroom: 1,
    startFailure: "",
  });
});
