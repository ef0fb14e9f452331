import assert from "node:assert/strict";
import { test } from "node:test";
import { PoolHarness } from "./poolHarness.ts";

/** Containers whose exit hooks do not come to an end. */
async function idleContainer() {
  const harness = new PoolHarness({ scaledown_window_s: 1 });
  harness.enqueue(harness.call(), 1);
  await harness.start();
  await harness.finishAll();
  const [worker] = harness.workers;
  if (!worker) throw new Error("No container was started.");
  worker.lingers = true;
  return { harness, worker };
}

test("exit hooks have half a minute, then their container is ended", async () => {
  const { harness, worker } = await idleContainer();
  await harness.advance(29_000);
  assert.deepEqual([worker.stopping, worker.alive], [true, true]);
  await harness.advance(10_000);
  assert.deepEqual([worker.alive, worker.wasKilled], [false, true]);
});

test("those of a stopped app have as long, and nothing starts any more", async () => {
  const { harness, worker } = await idleContainer();
  harness.pool.stop();
  harness.enqueue(harness.call(), 1);
  await harness.advance(29_000);
  assert.deepEqual([worker.stopping, worker.alive], [true, true]);
  await harness.advance(2_000);
  assert.equal(worker.wasKilled, true);
  assert.equal(harness.workers.length, 1);
});

test("an input that still runs when its container drains has all of its time", async () => {
  const harness = new PoolHarness({ timeout_s: 600 });
  const [input] = harness.enqueue(harness.call(), 1);
  await harness.start();
  const [worker] = harness.workers;
  assert.ok(input && worker);
  harness.pool.stopContainer(worker.launch.taskId, true);
  await harness.advance(100_000);
  assert.equal(worker.alive, true);
  await harness.finishAll();
  assert.equal(harness.statusOf(input), "SUCCESS");
  assert.equal(worker.wasKilled, false);
});
