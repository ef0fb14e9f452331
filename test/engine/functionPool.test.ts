import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf } from "../../src/engine/ids.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import type { FakeWorker } from "./fakeWorker.ts";
import { launchOf, PoolHarness } from "./poolHarness.ts";

const indexes = (worker: FakeWorker | undefined) => worker?.held.map(({ key }) => indexOf(key));

/** A pool with one container that has learnt that inputs are tiny. */
async function warmPool(maxContainers: number) {
  const harness = new PoolHarness({ max_containers: 1 });
  harness.enqueue(harness.call(), 20);
  await harness.finishAll(0.1);
  harness.pool.enqueue([]);
  const [worker] = harness.live;
  assert.ok(worker);
  return { harness, worker, maxContainers };
}

test("starts a container per waiting input, up to the processors", async () => {
  const harness = new PoolHarness({}, 2);
  harness.enqueue(harness.call(), 1);
  await harness.settle();
  assert.equal(harness.live.length, 1);
  harness.enqueue(harness.call(), 5);
  await harness.settle();
  assert.equal(harness.live.length, 2);
});

test("runs the inputs of a call in order, one per container while their run time is unknown", async () => {
  const harness = new PoolHarness({}, 2);
  const inputs = harness.enqueue(harness.call(), 4);
  await harness.start();
  assert.deepEqual(harness.live.map(indexes), [[0], [1]]);
  harness.live[0]?.finish(Status.SUCCESS, 1_000);
  await harness.settle();
  assert.deepEqual(harness.live.map(indexes), [[2], [1]]);
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
  const { harness, worker } = await warmPool(1);
  const call = harness.call();
  harness.enqueue(call, 200);
  await harness.settle();
  assert.ok(worker.held.length > 10);
  await harness.finishAll(1_000);
  harness.enqueue(harness.call(), 10);
  await harness.settle();
  assert.equal(worker.held.length, 1);
});

test("work that the present containers finish at once starts no other", async () => {
  const harness = new PoolHarness({}, 4);
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.finishAll(0.1);
  harness.enqueue(call, 50);
  await harness.settle();
  assert.equal(harness.live.length, 1);
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
  assert.deepEqual(indexes(harness.live[1]), [2, 3, 4, 5, 6]);
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
  assert.deepEqual([indexes(first), indexes(second)], [[1], [2, 3, 4, 5, 6]]);
  first?.finish(Status.FAILURE);
  await harness.settle();
  await harness.advance(200);
  assert.deepEqual([indexes(first), indexes(second)], [[3, 4, 5, 6], [2]]);
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
  const { harness, worker } = await warmPool(1);
  harness.enqueue(harness.call(), 6);
  await harness.settle();
  await harness.advance(1_000);
  assert.deepEqual(indexes(worker), [0, 1, 2, 3, 4, 5]);
});

test("minimum, buffer and maximum of containers", async () => {
  const harness = new PoolHarness({ min_containers: 1, buffer_containers: 1, max_containers: 3 });
  await harness.start();
  assert.equal(harness.live.length, 1);
  const call = harness.call();
  harness.enqueue(call, 1);
  await harness.start();
  assert.equal(harness.live.length, 2);
  harness.enqueue(call, 50);
  await harness.start();
  assert.equal(harness.live.length, 3);
});

test("idle containers end after the scale-down window, down to the minimum", async () => {
  const harness = new PoolHarness({ min_containers: 1, scaledown_window_s: 2 });
  harness.enqueue(harness.call(), 4);
  await harness.finishAll(100);
  assert.equal(harness.live.length, 4);
  await harness.advance(1_900);
  assert.equal(harness.live.length, 4);
  await harness.advance(200);
  assert.equal(harness.live.length, 1);
  await harness.advance(60_000);
  assert.equal(harness.live.length, 1);
  assert.equal(harness.workers.length, 4, "none had to be started again");
});

test("a container that waits for its own call gives back what waits behind, and makes room for another", async () => {
  const { harness, worker } = await warmPool(1);
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
  assert.deepEqual(indexes(worker), [0]);
  assert.equal(harness.live.length, 2);
  assert.deepEqual(indexes(harness.live[1]), [1], "sent ahead no more, for it may wait too");
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
  assert.deepEqual(indexes(old), [0]);
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
  const { harness, worker } = await warmPool(1);
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
  const { harness, worker } = await warmPool(1);
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
    assert.deepEqual(indexes(harness.live[0]), []);
    await harness.advance(1);
    assert.deepEqual(indexes(harness.live[0]), [0]);
  }
  harness.live[0]?.finish(Status.FAILURE);
  await harness.settle();
  assert.equal(harness.statusOf(input), "FAILURE");
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
  assert.deepEqual([indexes(old), indexes(fresh)], [[0], [1]]);
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

test("a deploy without a waiting input starts no container", async () => {
  const harness = new PoolHarness({}, 2);
  harness.enqueue(harness.call(), 1);
  await harness.start();
  harness.pool.update(launchOf({}, "v2.json"));
  await harness.settle();
  assert.equal(harness.workers.length, 1);
});

test("a function that is no longer deployed keeps no containers", async () => {
  const harness = new PoolHarness({ min_containers: 2, scaledown_window_s: 1 });
  await harness.start();
  harness.pool.retire();
  await harness.advance(2_000);
  assert.equal(harness.live.length, 0);
  assert.equal(harness.clock.pending, 0);
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

function retries(maxRetries: number) {
  return { max_retries: maxRetries, initial_delay_s: 1, backoff_coefficient: 2, max_delay_s: 60 };
}

test("a raised minimum starts containers at once, a lowered one lets them go when they were idle for long", async () => {
  const harness = new PoolHarness({ scaledown_window_s: 1 });
  await harness.start();
  assert.equal(harness.live.length, 0);
  harness.override = { min_containers: 2 };
  harness.pool.autoscale();
  await harness.start();
  await harness.advance(5_000);
  assert.equal(harness.live.length, 2);
  harness.override = {};
  harness.pool.autoscale();
  await harness.advance(200);
  assert.equal(harness.live.length, 0);
});

test("a lowered maximum ends idle containers first, and busy ones after what they run", async () => {
  const harness = new PoolHarness({}, 3);
  harness.override = { min_containers: 3 };
  harness.pool.autoscale();
  await harness.start();
  const [first, second] = harness.enqueue(harness.call(), 2);
  assert.ok(first && second);
  await harness.settle();
  assert.equal(harness.pool.stats().numRunningInputs, 2);
  harness.override = { max_containers: 1 };
  harness.pool.autoscale();
  await harness.settle();
  assert.equal(harness.pool.stats().numTotalTasks, 1);
  assert.equal(harness.live.length, 2, "two run an input each");
  await harness.finishAll();
  assert.deepEqual([harness.statusOf(first), harness.statusOf(second)], ["SUCCESS", "SUCCESS"]);
  assert.equal(harness.live.length, 1);
});

test("a new version has its own settings", async () => {
  const harness = new PoolHarness();
  harness.override = { min_containers: 2 };
  harness.pool.autoscale();
  await harness.start();
  assert.equal(harness.live.length, 2);
  harness.override = {};
  harness.pool.update(launchOf({}, "v2.json"));
  await harness.advance(200);
  assert.equal(harness.live.length, 0);
});
