import assert from "node:assert/strict";
import { test } from "node:test";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { heldIndexes, PoolHarness, warmPool } from "./poolHarness.ts";

test("cancel ends queued, sent, running and delayed inputs of one call only", async () => {
  const harness = new PoolHarness({
    max_containers: 1,
    retries: { max_retries: 1, initial_delay_s: 60, backoff_coefficient: 1, max_delay_s: 60 },
  });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  const call = harness.call();
  const inputs = harness.enqueue(call, 100);
  const [untouched] = harness.enqueue(harness.call(), 1);
  assert.ok(untouched);
  await harness.settle();
  harness.live[0]?.finish(Status.FAILURE);
  await harness.settle();
  harness.pool.cancel(call, false);
  await harness.settle();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(100).fill("TERMINATED"),
  );
  await harness.finishAll();
  assert.equal(harness.statusOf(untouched), "SUCCESS");
  assert.equal(harness.workers.length, 1, "no container had to end for it");
});

test("running code that does not stop loses its container after the grace, and nobody else their input", async () => {
  const { harness, worker } = await warmPool();
  worker.obeys = false;
  const call = harness.call();
  const [stubborn] = harness.enqueue(call, 1);
  const [behind] = harness.enqueue(harness.call(), 1);
  assert.ok(stubborn && behind);
  await harness.settle();
  assert.equal(worker.held.length, 2);
  harness.pool.cancel(call, false);
  await harness.advance(4_000);
  assert.equal(worker.alive, true);
  await harness.advance(1_500);
  assert.equal(worker.wasKilled, true);
  assert.equal(harness.statusOf(stubborn), "TERMINATED");
  await harness.finishAll();
  assert.equal(harness.statusOf(behind), "SUCCESS");
});

test("cancel with terminate_containers kills the containers of the call", async () => {
  const harness = new PoolHarness({}, 2);
  const call = harness.call();
  const [doomed] = harness.enqueue(call, 1);
  const [other] = harness.enqueue(harness.call(), 1);
  assert.ok(doomed && other);
  await harness.start();
  for (const worker of harness.live) worker.obeys = false;
  harness.pool.cancel(call, true);
  await harness.settle();
  assert.equal(harness.statusOf(doomed), "TERMINATED");
  assert.deepEqual(
    harness.workers.map(({ wasKilled }) => wasKilled),
    [true, false],
  );
  assert.equal(harness.statusOf(other), undefined);
});

test("an input that ran over its timeout after it was cancelled counts as cancelled", async () => {
  const harness = new PoolHarness({ timeout_s: 1, retries: retries(3) });
  const call = harness.call();
  const [input] = harness.enqueue(call, 1);
  assert.ok(input);
  await harness.start();
  for (const worker of harness.live) worker.obeys = false;
  await harness.advance(800);
  harness.pool.cancel(call, false);
  await harness.advance(400);
  assert.equal(harness.statusOf(input), "TERMINATED");
});

test("a container that dies costs its running input a try, and the others nothing", async () => {
  const { harness, worker } = await warmPool();
  const inputs = harness.enqueue(harness.call(), 5);
  await harness.settle();
  worker.exit();
  await harness.finishAll();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(5).fill("SUCCESS"),
  );
  assert.deepEqual(
    inputs.map(({ lost }) => lost),
    [1, 0, 0, 0, 0],
  );
});

test("an input under which containers keep dying is given up", async () => {
  const harness = new PoolHarness({ max_containers: 1 });
  const [input] = harness.enqueue(harness.call(), 1);
  assert.ok(input);
  for (let count = 0; count < 3; count++) {
    await harness.start();
    harness.live[0]?.exit();
    await harness.settle();
  }
  assert.equal(harness.statusOf(input), "INTERNAL_FAILURE");
  assert.match(harness.outcomes.get(input)?.[0]?.exception ?? "", /was killed by SIGSEGV, 3 times/);
});

test("user code that cannot be imported fails what waits, with its traceback", async () => {
  const harness = new PoolHarness({ max_containers: 1 });
  const [input] = harness.enqueue(harness.call(), 1);
  assert.ok(input);
  await harness.settle();
  harness.live[0]?.importFails("ImportError('no such thing')");
  await harness.settle();
  assert.equal(harness.statusOf(input), "INIT_FAILURE");
  const [outcome] = harness.outcomes.get(input) ?? [];
  assert.equal(outcome?.exception, "ImportError('no such thing')");
  assert.equal(outcome?.traceback, "Traceback");
});

test("containers that cannot start are given up, also those of a minimum, until there is new work", async () => {
  const harness = new PoolHarness({ min_containers: 1 }, 1);
  const [input] = harness.enqueue(harness.call(), 1);
  assert.ok(input);
  for (let count = 0; count < 10; count++) {
    await harness.settle();
    harness.live[0]?.exit("could not be started");
  }
  await harness.advance(10_000);
  assert.equal(harness.workers.length, 3);
  assert.equal(harness.statusOf(input), "INIT_FAILURE");
  const [next] = harness.enqueue(harness.call(), 1);
  assert.ok(next);
  await harness.finishAll();
  assert.equal(harness.statusOf(next), "SUCCESS");
});

test("a machine without room for a process fails what waits, and the engine goes on", async () => {
  const harness = new PoolHarness();
  harness.noProcesses = true;
  const [failed] = harness.enqueue(harness.call(), 1);
  assert.ok(failed);
  await harness.settle();
  assert.equal(harness.statusOf(failed), "INIT_FAILURE");
  assert.match(harness.outcomes.get(failed)?.[0]?.exception ?? "", /could not be started \(EMFILE\)/);
  harness.noProcesses = false;
  const [next] = harness.enqueue(harness.call(), 1);
  assert.ok(next);
  await harness.finishAll();
  assert.equal(harness.statusOf(next), "SUCCESS");
});

test("an input that runs over the timeout ends, with its container", async () => {
  const harness = new PoolHarness({ timeout_s: 2, max_containers: 1 });
  const [input, next] = harness.enqueue(harness.call(), 2);
  assert.ok(input && next);
  await harness.start();
  await harness.advance(1_900);
  assert.equal(harness.statusOf(input), undefined);
  await harness.advance(300);
  assert.equal(harness.statusOf(input), "TIMEOUT");
  assert.match(harness.outcomes.get(input)?.[0]?.exception ?? "", /timeout of 2 s/);
  await harness.finishAll();
  assert.equal(harness.statusOf(next), "SUCCESS");
  assert.equal(harness.statusOf(input), "TIMEOUT");
});

test("failures are retried with growing waits, as often as the policy says", async () => {
  const harness = new PoolHarness({ max_containers: 1, retries: retries(2) });
  const [input] = harness.enqueue(harness.call(), 1);
  assert.ok(input);
  await harness.start();
  for (const waitMs of [1_000, 2_000]) {
    harness.live[0]?.finish(Status.FAILURE);
    await harness.settle();
    await harness.advance(waitMs - 1);
    assert.deepEqual(heldIndexes(harness.live[0]), []);
    await harness.advance(1);
    assert.deepEqual(heldIndexes(harness.live[0]), [0]);
  }
  harness.live[0]?.finish(Status.FAILURE);
  await harness.settle();
  assert.equal(harness.statusOf(input), "FAILURE");
});

test("an input that fails after it was cancelled is not tried again", async () => {
  const harness = new PoolHarness({ max_containers: 1, retries: retries(3) });
  const call = harness.call();
  const [input] = harness.enqueue(call, 1);
  assert.ok(input);
  await harness.start();
  const [worker] = harness.live;
  assert.ok(worker);
  worker.obeys = false;
  harness.pool.cancel(call, false);
  worker.finish(Status.FAILURE);
  await harness.settle();
  assert.equal(harness.statusOf(input), "FAILURE");
});

test("an input that is cancelled while its container gives it back does not wait for another", async () => {
  const { harness, worker } = await warmPool();
  const call = harness.call();
  const inputs = harness.enqueue(call, 5);
  await harness.settle();
  harness.answer = new Promise(() => {});
  void worker.request("outputs");
  assert.deepEqual(heldIndexes(worker), [0], "the others are on their way back");
  harness.pool.cancel(call, false);
  await harness.settle();
  assert.deepEqual(
    inputs.map((input) => harness.statusOf(input)),
    Array(5).fill("TERMINATED"),
  );
});

test("a container that ends to cancel an input costs what runs beside it no try", async () => {
  const harness = new PoolHarness({ max_containers: 1, max_concurrent_inputs: 2 });
  const cancelled = harness.call();
  const [ended] = harness.enqueue(cancelled, 1);
  const [beside] = harness.enqueue(harness.call(), 1);
  assert.ok(ended && beside);
  await harness.start();
  const [worker] = harness.live;
  assert.ok(worker);
  worker.obeys = false;
  harness.pool.cancel(cancelled, false);
  worker.exit("ended with exit code 0");
  await harness.finishAll();
  assert.deepEqual([harness.statusOf(ended), harness.statusOf(beside)], ["TERMINATED", "SUCCESS"]);
  assert.equal(beside.lost, 0);
});

test("only containers that cannot start in a row are a reason to give up", async () => {
  const harness = new PoolHarness({ max_containers: 1 });
  for (let round = 0; round < 2; round++) {
    const [input] = harness.enqueue(harness.call(), 1);
    assert.ok(input);
    for (let count = 0; count < 2; count++) {
      await harness.settle();
      harness.live[0]?.exit("could not be started");
    }
    await harness.finishAll();
    assert.equal(harness.statusOf(input), "SUCCESS");
    harness.live[0]?.exit();
    await harness.settle();
  }
  assert.equal(harness.pool.stats().startFailure, "");
});

function retries(maxRetries: number) {
  return { max_retries: maxRetries, initial_delay_s: 1, backoff_coefficient: 2, max_delay_s: 60 };
}
