import assert from "node:assert/strict";
import { test } from "node:test";
import {
  desiredContainers,
  inputsPerContainer,
  type Load,
  retryDelayMs,
  scalingSettings,
} from "../../src/engine/scheduler/scaling.ts";

const idle: Load = { backlog: 0, sent: 0, containers: 0, blocked: 0, stuck: 0, meanMs: undefined };
const settings = scalingSettings({}, 4);

test("what a function leaves out has Modal's defaults, and the processors as maximum", () => {
  assert.deepEqual(settings, {
    minContainers: 0,
    maxContainers: 4,
    bufferContainers: 0,
    scaledownWindowMs: 60_000,
    timeoutMs: 300_000,
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
  assert.equal(desiredContainers(settings, { ...tiny, meanMs: 10 }), 4);
  assert.equal(desiredContainers(settings, { ...tiny, stuck: 1 }), 4);
  assert.equal(desiredContainers(settings, { ...tiny, containers: 2, stuck: 1 }), 2);
});

test("containers that wait for a call of theirs do not count against the maximum", () => {
  assert.equal(desiredContainers(settings, { ...idle, backlog: 1, sent: 4, containers: 4, blocked: 4 }), 5);
  assert.equal(desiredContainers(settings, { ...idle, backlog: 9, sent: 4, containers: 4, blocked: 3 }), 7);
});

test("a buffer while there is work, a minimum always", () => {
  const buffered = scalingSettings({ buffer_containers: 2, min_containers: 1, max_containers: 4 }, 4);
  assert.equal(desiredContainers(buffered, idle), 1);
  assert.equal(desiredContainers(buffered, { ...idle, backlog: 1 }), 3);
  assert.equal(desiredContainers(buffered, { ...idle, backlog: 4 }), 4);
});

test("tiny inputs are sent ahead, others one by one", () => {
  assert.equal(inputsPerContainer(undefined), 1);
  assert.equal(inputsPerContainer(1_000), 1);
  assert.equal(inputsPerContainer(10), 2);
  assert.equal(inputsPerContainer(0), 64);
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
