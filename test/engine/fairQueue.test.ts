import assert from "node:assert/strict";
import { test } from "node:test";
import { inputKey } from "../../src/engine/ids.ts";
import type { ActiveCall } from "../../src/engine/scheduler/activeCall.ts";
import { FairQueue } from "../../src/engine/scheduler/fairQueue.ts";
import { type ScheduledInput, scheduledInput } from "../../src/engine/scheduler/scheduledInput.ts";
import { PoolHarness } from "./poolHarness.ts";

const harness = new PoolHarness();

function inputs(call: ActiveCall, count: number): ScheduledInput[] {
  return Array.from({ length: count }, (_, index) =>
    scheduledInput(call, {
      key: inputKey(call.record.number, index),
      dataFormat: 4,
      methodName: undefined,
      args: undefined,
    }),
  );
}

function queueOf(...lines: ScheduledInput[][]): FairQueue {
  const queue = new FairQueue();
  for (const input of lines.flat()) queue.push(input);
  return queue;
}

function drained(queue: FairQueue): ScheduledInput[] {
  const all: ScheduledInput[] = [];
  for (let input = queue.shift(); input; input = queue.shift()) all.push(input);
  return all;
}

test("calls take turns, and each keeps its order", () => {
  const a = inputs(harness.call(), 3);
  const b = inputs(harness.call(), 2);
  const queue = queueOf(a, b);
  assert.equal(queue.size, 5);
  assert.deepEqual(drained(queue), [a[0], b[0], a[1], b[1], a[2]]);
  assert.equal(queue.size, 0);
  assert.equal(queue.shift(), undefined);
});

test("inputs that come back take their old place, in whatever order they come", () => {
  const a = inputs(harness.call(), 6);
  const queue = queueOf(a);
  const taken = a.slice(0, 4).map(() => queue.shift());
  for (const position of [2, 0, 3, 1]) {
    const input = taken[position];
    if (input) queue.putBack(input);
  }
  assert.deepEqual(drained(queue), a);
});

test("an input comes back to a call that has no line any more", () => {
  const a = inputs(harness.call(), 1);
  const queue = queueOf(a);
  const input = queue.shift();
  assert.ok(input);
  queue.putBack(input);
  assert.deepEqual(drained(queue), a);
});

test("a call is removed with all that it has, the others stay", () => {
  const a = inputs(harness.call(), 3);
  const b = inputs(harness.call(), 2);
  const queue = queueOf(a, b);
  queue.shift();
  const [first] = a;
  assert.ok(first);
  assert.deepEqual(queue.remove(first.call), a.slice(1));
  assert.deepEqual(queue.remove(first.call), []);
  assert.equal(queue.size, 2);
  assert.deepEqual(queue.removeAll(), b);
  assert.equal(queue.size, 0);
});

test("a long line keeps its order", () => {
  const a = inputs(harness.call(), 10_000);
  const queue = queueOf(a);
  const taken: (ScheduledInput | undefined)[] = [];
  for (let count = 0; count < 5_000; count++) taken.push(queue.shift());
  const last = taken.pop();
  assert.ok(last);
  queue.putBack(last);
  assert.deepEqual([...taken, ...drained(queue)], a);
});
