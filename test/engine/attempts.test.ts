import assert from "node:assert/strict";
import { test } from "node:test";
import { type InputKey, indexOf, inputKey } from "../../src/engine/ids.ts";
import type { NewAttempt } from "../../src/engine/scheduler/newCall.ts";
import { FunctionCallType as CallType, GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { newInputs, SchedulerHarness } from "./schedulerHarness.ts";

const LIMITS = { maxOutputs: 100, maxBytes: 1_000_000 };
const POLICY = { retries: { max_retries: 3, initial_delay_s: 0, backoff_coefficient: 1, max_delay_s: 0 } };

/** The attempt that follows one. */
function next(input: InputKey, after = 0): NewAttempt {
  return { input, after, retryCount: after + 1 };
}

/** Ends what runs, as one attempt of a function that fails or not. */
async function finish(harness: SchedulerHarness, ...statuses: Status[]): Promise<void> {
  for (const status of statuses) {
    await harness.ready();
    harness.live.find(({ running }) => running)?.finish(status);
  }
  await harness.settle();
}

/** Status and retry count of what a call's log shows. */
async function log(harness: SchedulerHarness, functionCallId: string, after = 0) {
  const { outputs } = await harness.scheduler.outputs(functionCallId, { after, limits: LIMITS }, 0);
  return outputs.map(({ entry, status, retryCount }) => [entry, Status[status], retryCount]);
}

test("a retried input runs again, and its new output takes the place of the old one", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const call = await harness.start(newInputs(2));
  await finish(harness, Status.FAILURE, Status.SUCCESS);
  assert.deepEqual(await log(harness, call.functionCallId), [
    [1, "FAILURE", 0],
    [2, "SUCCESS", 0],
  ]);
  await harness.scheduler.retry(call, [next(inputKey(call.number, 0))]);
  assert.deepEqual(await log(harness, call.functionCallId), [[2, "SUCCESS", 0]]);
  assert.equal(harness.scheduler.unfinishedInputs, 1);
  assert.equal(harness.store.calls.byNumber(call.number)?.finishedAt, undefined);
  await finish(harness, Status.SUCCESS);
  assert.deepEqual(await log(harness, call.functionCallId, 2), [[3, "SUCCESS", 1]]);
  const byIndex = await harness.scheduler.outputs(call.functionCallId, { start: 0, end: 0, limits: LIMITS }, 0);
  assert.deepEqual(
    byIndex.outputs.map(({ input, retryCount }) => [indexOf(input), retryCount]),
    [[0, 1]],
  );
  assert.equal(harness.scheduler.unfinishedInputs, 0);
  assert.notEqual(harness.store.calls.byNumber(call.number)?.finishedAt, undefined);
});

test("a request for an attempt that comes again changes nothing, also when both come at once", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1), { callType: CallType.UNARY });
  const input = inputKey(call.number, 0);
  await finish(harness, Status.FAILURE);
  await Promise.all([harness.scheduler.retry(call, [next(input)]), harness.scheduler.retry(call, [next(input)])]);
  assert.equal(harness.scheduler.unfinishedInputs, 1);
  await finish(harness, Status.FAILURE);
  const finishedAt = harness.store.calls.byNumber(call.number)?.finishedAt;
  await harness.scheduler.retry(call, [next(input)]);
  await finish(harness);
  assert.deepEqual(await log(harness, call.functionCallId), [[2, "FAILURE", 1]]);
  assert.equal(harness.store.calls.byNumber(call.number)?.finishedAt, finishedAt);
});

test("a client that does not count its attempts can retry as often as it likes", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1), { callType: CallType.UNARY });
  const again = { input: inputKey(call.number, 0), after: 0, retryCount: 0 };
  await finish(harness, Status.FAILURE);
  for (const entry of [2, 3]) {
    await harness.scheduler.retry(call, [again]);
    await finish(harness, Status.FAILURE);
    assert.deepEqual(await log(harness, call.functionCallId), [[entry, "FAILURE", 0]]);
  }
});

test("an input that still runs does not run twice: it becomes the new attempt", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1));
  await harness.ready();
  await harness.scheduler.retry(call, [next(inputKey(call.number, 0))]);
  await finish(harness, Status.SUCCESS);
  assert.deepEqual(await log(harness, call.functionCallId), [[1, "SUCCESS", 1]]);
  assert.equal(harness.workers.flatMap(({ held }) => held).length, 0);
});

test("an attempt outlives the engine, and no reader misses its output", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const call = await harness.start(newInputs(2));
  await finish(harness, Status.SUCCESS, Status.FAILURE);
  await harness.scheduler.retry(call, [next(inputKey(call.number, 1))]);
  await harness.restart();
  await finish(harness, Status.SUCCESS);
  // A reader that had seen both outputs before goes on after the second one.
  assert.deepEqual(await log(harness, call.functionCallId, 2), [[3, "SUCCESS", 1]]);
});

test("a generator that somebody has read does not run again; one that nobody has read starts over", async () => {
  for (const isRead of [true, false]) {
    const harness = new SchedulerHarness();
    const call = await harness.start(newInputs(1), { callType: CallType.UNARY });
    await harness.ready();
    const [worker] = harness.live;
    worker?.item();
    await harness.settle();
    const { signal } = new AbortController();
    if (isRead) await harness.scheduler.itemsAfter(call.functionCallId, 0, 0, signal);
    await finish(harness, Status.FAILURE);
    await harness.scheduler.retry(call, [next(inputKey(call.number, 0))]);
    assert.equal(harness.scheduler.unfinishedInputs, isRead ? 0 : 1);
    assert.deepEqual(await log(harness, call.functionCallId), isRead ? [[1, "FAILURE", 1]] : []);
    if (isRead) continue;
    await finish(harness, Status.FAILURE);
    const { items } = await harness.scheduler.itemsAfter(call.functionCallId, 0, 0, signal);
    assert.deepEqual(items, []);
  }
});

test("what was cancelled is not taken up again by a retry", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1));
  await harness.scheduler.cancel(call, false);
  await harness.settle();
  await harness.scheduler.retry(call, [next(inputKey(call.number, 0))]);
  await harness.settle();
  assert.deepEqual(await log(harness, call.functionCallId), [[2, "TERMINATED", 1]]);
  assert.equal(harness.scheduler.unfinishedInputs, 0);
});

test("an input that does not exist cannot be retried", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1));
  await assert.rejects(
    harness.scheduler.retry(call, [next(inputKey(call.number, 0)), next(inputKey(call.number, 1))]),
    (error) => error instanceof RpcError && error.code === RpcStatus.NOT_FOUND && /no input 1/.test(error.message),
  );
});

test("the function's policy is left to a client that retries", async () => {
  for (const retriedByClient of [true, false]) {
    const harness = new SchedulerHarness(POLICY);
    const { functionCallId } = await harness.start(newInputs(1), { retriedByClient });
    await finish(harness, Status.FAILURE);
    assert.deepEqual(await log(harness, functionCallId), retriedByClient ? [[1, "FAILURE", 0]] : []);
  }
});

test("a map whose client retries is finished whenever nothing is left, and takes further inputs", async () => {
  const harness = new SchedulerHarness();
  const call = await harness.start(newInputs(1), { closed: false, retriedByClient: true });
  const isFinished = () => harness.store.calls.byNumber(call.number)?.finishedAt !== undefined;
  await finish(harness, Status.SUCCESS);
  assert.equal(isFinished(), true);
  await harness.scheduler.putInputs(call.functionCallId, newInputs(2, 1));
  assert.equal(isFinished(), false);
  await harness.restart();
  await harness.finishAll();
  assert.deepEqual(await harness.statuses(call.functionCallId), Array(3).fill("SUCCESS"));
  assert.equal(isFinished(), true);
});

test("more inputs and the end of the last one, at once: the call is not finished", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const call = await harness.start(newInputs(1), { closed: false, retriedByClient: true });
  await harness.ready();
  const [worker] = harness.live;
  worker?.finish(Status.SUCCESS);
  worker?.deliver();
  const put = harness.scheduler.putInputs(call.functionCallId, newInputs(1, 1));
  await put;
  await harness.restart();
  assert.equal(harness.scheduler.unfinishedInputs, 1);
  await harness.finishAll();
  assert.deepEqual(await harness.statuses(call.functionCallId), ["SUCCESS", "SUCCESS"]);
});
