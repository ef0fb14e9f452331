import assert from "node:assert/strict";
import { test } from "node:test";
import { launchOf, PoolHarness } from "./poolHarness.ts";

test("starts a container per waiting input, up to the processors", async () => {
  const harness = new PoolHarness({}, 2);
  harness.enqueue(harness.call(), 1);
  await harness.settle();
  assert.equal(harness.live.length, 1);
  harness.enqueue(harness.call(), 5);
  await harness.settle();
  assert.equal(harness.live.length, 2);
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
  await harness.start();
  await harness.advance(5_000);
  for (const worker of harness.live) worker.finish();
  await harness.settle();
  assert.equal(harness.live.length, 4, "the window begins when a container has nothing more to do");
  await harness.advance(1_900);
  assert.equal(harness.live.length, 4);
  await harness.advance(200);
  assert.equal(harness.live.length, 1);
  await harness.advance(60_000);
  assert.equal(harness.live.length, 1);
  assert.equal(harness.workers.length, 4, "none had to be started again");
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
