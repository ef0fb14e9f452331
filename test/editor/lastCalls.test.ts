import assert from "node:assert/strict";
import { test } from "node:test";
import { noInputs } from "../../src/calls/inputCounts.ts";
import { LastCalls } from "../../src/editor/lastCalls.ts";
import { WindowCalls } from "./windowCalls.ts";

const square = { appName: "app", functionName: "square" };

function lastCallsOf(calls: WindowCalls, running = new Set(["local"])) {
  let changes = 0;
  const lastCalls = new LastCalls({
    history: calls.history,
    watches: calls.watches,
    isRunning: (targetId) => running.has(targetId),
    onChange: () => changes++,
  });
  return { lastCalls, changes: () => changes };
}

test("the newest call of a function counts, of the app that the text names", async () => {
  const calls = new WindowCalls();
  const { lastCalls } = lastCallsOf(calls);
  assert.equal(lastCalls.of(square), undefined);
  await calls.begin("square");
  const newest = await calls.begin("square");
  const elsewhere = await calls.begin("square", { appName: "other" });
  await calls.begin("cube");
  assert.equal(lastCalls.of(square)?.record.functionCallId, newest.functionCallId);
  const anyApp = { appName: undefined, functionName: "square" };
  assert.equal(lastCalls.of(anyApp)?.record.functionCallId, elsewhere.functionCallId);
});

test("an unfinished call is followed while its function is shown, and only then", async () => {
  const calls = new WindowCalls();
  const { lastCalls, changes } = lastCallsOf(calls);
  const call = await calls.begin("square", { kind: "map" });
  const watch = calls.watchOf(call);
  assert.equal(lastCalls.of(square)?.isFollowed, false);
  assert.equal(watch.listeners.size, 0);

  lastCalls.show([square]);
  assert.equal(watch.listeners.size, 1);
  const before = changes();
  watch.tell({ counts: { ...noInputs, PENDING: 3, SUCCESS: 1 } });
  assert.equal(changes(), before + 1);
  assert.deepEqual(lastCalls.of(square), {
    record: { ...call, counts: { ...noInputs, PENDING: 3, SUCCESS: 1 } },
    isFollowed: true,
  });

  lastCalls.show([]);
  assert.equal(watch.listeners.size, 0);
});

test("the next call takes the place of the one before, and a finished one is not followed", async () => {
  const calls = new WindowCalls();
  const { lastCalls } = lastCallsOf(calls);
  lastCalls.show([square]);
  const first = await calls.begin("square");
  const second = await calls.begin("square");
  assert.equal(calls.watchOf(first).listeners.size, 0);
  assert.equal(calls.watchOf(second).listeners.size, 1);
  await calls.end(second, { SUCCESS: 1 });
  assert.equal(calls.watchOf(second).listeners.size, 0);
  assert.equal(lastCalls.of(square)?.record.counts?.SUCCESS, 1);
});

test("nothing is asked of a target that does not run, until it does", async () => {
  const calls = new WindowCalls();
  const running = new Set<string>();
  const { lastCalls } = lastCallsOf(calls, running);
  const call = await calls.begin("square");
  lastCalls.show([square]);
  assert.equal(calls.watchOf(call).listeners.size, 0);
  running.add("local");
  lastCalls.update();
  assert.equal(calls.watchOf(call).listeners.size, 1);
});

test("a call whose server does not answer is not said to run", async () => {
  const calls = new WindowCalls();
  const { lastCalls } = lastCallsOf(calls);
  const call = await calls.begin("square");
  lastCalls.show([square]);
  calls.watchOf(call).tell({ problem: "The server does not answer." });
  assert.equal(lastCalls.of(square)?.isFollowed, false);
});

test("closed, it lets go of everything", async () => {
  const calls = new WindowCalls();
  const { lastCalls, changes } = lastCallsOf(calls);
  lastCalls.show([square]);
  const call = await calls.begin("square");
  lastCalls.close();
  const before = changes();
  assert.equal(calls.watchOf(call).listeners.size, 0);
  await calls.begin("square");
  assert.equal(changes(), before);
});
