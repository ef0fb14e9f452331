import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf } from "../../src/engine/ids.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import type { FakeWorker } from "./fakeWorker.ts";
import { PoolHarness } from "./poolHarness.ts";

const held = (worker: FakeWorker | undefined) => worker?.held.map(({ key }) => indexOf(key));
const begun = (worker: FakeWorker | undefined) => worker?.begun.flat().map(({ key }) => indexOf(key));

test("a container is given as many inputs as it has slots, and the next one when a slot is free", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 3 });
  harness.enqueue(harness.call(), 5);
  await harness.start();
  const [worker] = harness.live;
  assert.deepEqual(held(worker), [0, 1, 2]);
  worker?.finish(Status.SUCCESS, 1_000, 1);
  await harness.settle();
  assert.deepEqual(held(worker), [0, 2, 3]);
});

test("inputs spread over containers before they fill one", async () => {
  const harness = new PoolHarness({ min_containers: 2, max_containers: 2, max_concurrent_inputs: 3 });
  await harness.start();
  harness.enqueue(harness.call(), 4);
  await harness.settle();
  assert.deepEqual(harness.live.map(held), [
    [0, 2],
    [1, 3],
  ]);
});

test("as many containers as the target of inputs asks for; where there are no more, each takes its maximum", async () => {
  const harness = new PoolHarness({ max_containers: 2, max_concurrent_inputs: 4, target_concurrent_inputs: 2 });
  const call = harness.call();
  harness.enqueue(call, 2);
  await harness.start();
  assert.equal(harness.live.length, 1);
  harness.enqueue(call, 1);
  await harness.start();
  assert.equal(harness.live.length, 2, "three inputs are more than one container's target");
  harness.enqueue(call, 10);
  await harness.start();
  assert.deepEqual(
    harness.live.map((worker) => worker.begun.length),
    [4, 4],
  );
});

test("tiny inputs are sent ahead of the slots, and taken back from behind long ones", async () => {
  const harness = new PoolHarness({ max_containers: 2, max_concurrent_inputs: 2 });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  await harness.advance(0);
  const [first, second] = harness.live;
  assert.ok(first);
  if (second) harness.pool.stopContainer(second.launch.taskId, false);
  await harness.settle();
  harness.enqueue(harness.call(), 6);
  await harness.settle();
  assert.deepEqual(held(first), [0, 1, 2, 3, 4, 5]);
  first.finish(Status.SUCCESS, 0.1, 0);
  await harness.settle();
  await harness.advance(300);
  await harness.start();
  assert.deepEqual(held(first), [1, 2], "what had begun stays");
  assert.deepEqual(held(harness.live[1]), [3, 4, 5]);
});

test("one input that waits for a call of its own leaves the other slots to others", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 2 });
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.start();
  const [worker] = harness.live;
  harness.answer = new Promise(() => {});
  void worker?.request("outputs");
  await harness.settle();
  harness.enqueue(call, 1);
  await harness.settle();
  assert.deepEqual(begun(worker), [0, 1]);
  assert.equal(harness.live.length, 1);
});

test("a container where everything waits for calls of its own makes room for another", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 2 });
  const call = harness.call();
  harness.enqueue(call, 2);
  await harness.start();
  const [worker] = harness.live;
  harness.answer = new Promise(() => {});
  for (let count = 0; count < 2; count++) void worker?.request("outputs");
  harness.enqueue(call, 1);
  await harness.start();
  assert.deepEqual(harness.live.map(begun), [[0, 1], [2]]);
});

test("a container that dies costs each input that it ran a try, and those behind nothing", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 2 });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  const inputs = harness.enqueue(harness.call(), 4);
  await harness.settle();
  harness.live[0]?.exit();
  await harness.finishAll();
  assert.deepEqual(
    inputs.map(({ lost }) => lost),
    [1, 1, 0, 0],
  );
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(4).fill("SUCCESS"),
  );
});

test("cancelling an input leaves those beside it; if it does not stop, they start again elsewhere", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 3 });
  const call = harness.call();
  const other = harness.call();
  const [cancelled] = harness.enqueue(call, 1);
  const beside = harness.enqueue(other, 2);
  assert.ok(cancelled);
  await harness.start();
  harness.pool.cancel(call, false);
  await harness.settle();
  assert.equal(harness.statusOf(cancelled), "TERMINATED");
  assert.deepEqual(begun(harness.live[0]), [0, 1]);

  const stubborn = harness.call();
  const [doomed] = harness.enqueue(stubborn, 1);
  assert.ok(doomed);
  await harness.settle();
  const [worker] = harness.live;
  assert.ok(worker);
  worker.obeys = false;
  harness.pool.cancel(stubborn, false);
  harness.enqueue(other, 1);
  await harness.advance(4_900);
  assert.equal(worker.alive, true);
  assert.equal(worker.held.length, 3, "it is given nothing that it might take down");
  await harness.advance(200);
  assert.equal(harness.statusOf(doomed), "TERMINATED");
  await harness.finishAll();
  assert.deepEqual(
    beside.map((input) => [harness.statusOf(input), input.lost]),
    Array(2).fill(["SUCCESS", 0]),
  );
});

test("an input over its timeout ends with its container, and those beside it start again", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 2, timeout_s: 2 });
  const call = harness.call();
  const [slow] = harness.enqueue(call, 1);
  await harness.start();
  await harness.advance(1_500);
  const [beside] = harness.enqueue(call, 1);
  assert.ok(slow && beside);
  await harness.settle();
  const [worker] = harness.live;
  assert.deepEqual(begun(worker), [0, 1]);
  await harness.advance(700);
  assert.equal(harness.statusOf(slow), "TIMEOUT");
  assert.equal(worker?.wasKilled, true);
  assert.equal(harness.statusOf(beside), undefined);
  await harness.finishAll();
  assert.deepEqual([harness.statusOf(beside), beside.lost], ["SUCCESS", 0]);
});

test("a container that drains finishes all that it runs, and gives back the rest", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 2 });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  const inputs = harness.enqueue(harness.call(), 5);
  await harness.settle();
  const [worker] = harness.live;
  assert.ok(worker);
  harness.pool.stopContainer(worker.launch.taskId, true);
  await harness.settle();
  assert.deepEqual(held(worker), [0, 1]);
  await harness.finishAll();
  assert.equal(worker.wasKilled, false);
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(5).fill("SUCCESS"),
  );
});

test("stats count slots: what runs, and what could", async () => {
  const harness = new PoolHarness({ max_containers: 2, max_concurrent_inputs: 3 });
  const [first] = harness.enqueue(harness.call(), 4);
  await harness.start();
  assert.deepEqual(harness.pool.stats(), {
    backlog: 0,
    numTotalTasks: 2,
    numRunningInputs: 4,
    inputHeadroom: 2,
    startFailure: "",
  });
  assert.equal(harness.pool.runningInputs().length, 4);
  assert.ok(harness.pool.runningInputs().some(({ key }) => key === first?.key));
});
