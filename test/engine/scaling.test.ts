import assert from "node:assert/strict";
import { test } from "node:test";
import {
  desiredContainers,
  heldPerContainer,
  type Load,
  retryDelayMs,
  scalingSettings,
} from "../../src/engine/scheduler/scaling.ts";

const idle: Load = { backlog: 0, sent: 0, beyondTarget: 0, containers: 0, blocked: 0, stuck: 0, meanMs: undefined };
const settings = scalingSettings({}, 4);

test("what a function leaves out has Modal's defaults, and the processors as maximum", () => {
  assert.deepEqual(settings, {
    minContainers: 0,
    maxContainers: 4,
    bufferContainers: 0,
    scaledownWindowMs: 60_000,
    timeoutMs: 300_000,
    startupTimeoutMs: 300_000,
    slots: 1,
    targetSlots: 1,
    batching: undefined,
  });
  assert.equal(scalingSettings({ min_containers: 9 }, 4).maxContainers, 9);
  assert.equal(scalingSettings({ max_containers: 20, timeout_s: 1.5 }, 4).timeoutMs, 1_500);
});

test("a container per input, up to the maximum", () => {
  assert.equal(desiredContainers(settings, idle), 0);
  assert.equal(desiredContainers(settings, { ...idle, backlog: 1 }), 1);
  assert.equal(desiredContainers(settings, { ...idle, backlog: 2, sent: 1, containers: 1 }), 3);
  assert.equal(desiredContainers(settings, { ...idle, backlog: 1_000 }), 4);
});

test("work that is soon done needs no further container; behind a long input nothing is soon done", () => {
  const tiny = { ...idle, backlog: 50, sent: 1, containers: 1, meanMs: 1 };
  assert.equal(desiredContainers(settings, tiny), 1);
  assert.equal(
    desiredContainers(settings, { ...tiny, meanMs: 2 }),
    4,
    "100 ms of work are more than a container costs",
  );
  assert.equal(desiredContainers(settings, { ...tiny, stuck: 1 }), 4);
  assert.equal(desiredContainers(settings, { ...tiny, containers: 2, stuck: 1 }), 2);
});

test("containers that wait for a call of theirs do not count against the maximum", () => {
  assert.equal(desiredContainers(settings, { ...idle, backlog: 1, sent: 0, containers: 4, blocked: 4 }), 5);
  assert.equal(desiredContainers(settings, { ...idle, backlog: 9, sent: 1, containers: 4, blocked: 3 }), 7);
});

test("a buffer while there is work, a minimum always", () => {
  const buffered = scalingSettings({ buffer_containers: 2, min_containers: 1, max_containers: 4 }, 4);
  assert.equal(desiredContainers(buffered, idle), 1);
  assert.equal(desiredContainers(buffered, { ...idle, backlog: 1 }), 3);
  assert.equal(desiredContainers(buffered, { ...idle, backlog: 4 }), 4);
});

test("tiny inputs are sent ahead, others one by one", () => {
  assert.equal(heldPerContainer(1, undefined), 1);
  assert.equal(heldPerContainer(1, 1_000), 1);
  assert.equal(heldPerContainer(1, 10), 2);
  assert.equal(heldPerContainer(1, 0), 256);
});

test("a container with several slots holds as many inputs, and more when they are tiny", () => {
  assert.equal(heldPerContainer(10, undefined), 10);
  assert.equal(heldPerContainer(10, 1_000), 10);
  assert.equal(heldPerContainer(10, 10), 20);
  assert.equal(heldPerContainer(10, 0), 256);
  assert.equal(heldPerContainer(1_000, 0), 1_000);
});

test("containers are planned for the target of their slots, and batches count as one", () => {
  const target = scalingSettings({ max_concurrent_inputs: 10, target_concurrent_inputs: 5 }, 4);
  assert.deepEqual([target.slots, target.targetSlots], [10, 5]);
  assert.equal(desiredContainers(target, { ...idle, backlog: 11 }), 3);
  assert.equal(desiredContainers(target, { ...idle, sent: 10, beyondTarget: 5, containers: 1, meanMs: 1_000 }), 2);
  assert.equal(desiredContainers(target, { ...idle, sent: 10, beyondTarget: 5, containers: 1, meanMs: 1 }), 1);
  const batched = scalingSettings({ batch_max_size: 10, batch_wait_ms: 20 }, 4);
  assert.deepEqual([batched.slots, batched.batching], [1, { maxSize: 10, waitMs: 20 }]);
  assert.equal(desiredContainers(batched, { ...idle, backlog: 11, sent: 1, containers: 1 }), 3);
});

test("the target of inputs is the maximum where none is given, and never above it", () => {
  const slots = (options: object) => {
    const { slots, targetSlots } = scalingSettings(options, 4);
    return [slots, targetSlots];
  };
  assert.deepEqual(slots({ max_concurrent_inputs: 7 }), [7, 7]);
  assert.deepEqual(slots({ max_concurrent_inputs: 3, target_concurrent_inputs: 7 }), [3, 3]);
  assert.deepEqual(slots({ max_concurrent_inputs: 0 }), [1, 1]);
});

test("waits before retries grow to their maximum and end with the policy", () => {
  const policy = { max_retries: 4, initial_delay_s: 1, backoff_coefficient: 3, max_delay_s: 10 };
  assert.deepEqual(
    [1, 2, 3, 4, 5].map((retry) => retryDelayMs(policy, retry)),
    [1_000, 3_000, 9_000, 10_000, undefined],
  );
  assert.equal(retryDelayMs(null, 1), undefined);
  assert.equal(retryDelayMs({ ...policy, max_retries: 5_000 }, 5_000), 10_000);
});
