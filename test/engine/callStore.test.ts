import assert from "node:assert/strict";
import { test } from "node:test";
import { indexOf, inputKey } from "../../src/engine/ids.ts";
import type { StoredOutput } from "../../src/engine/store/callStore.ts";
import type { Store } from "../../src/engine/store/store.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { storeWithFunctions } from "./storeHarness.ts";

const PLENTY = { maxOutputs: 100, maxBytes: 1_000_000 };

/** A store with one call of so many inputs. */
function storeWithCall(inputs: number) {
  const { store, functionId } = storeWithFunctions(["f"]);
  const number = addCall(store, functionId("f"), "fc-a", inputs);
  return { store, functionId: functionId("f"), number };
}

function addCall(
  store: Store,
  functionId: string,
  functionCallId: string,
  inputs: number,
  parentInput?: number,
): number {
  const call = {
    functionCallId,
    functionId,
    callType: 2,
    invocationType: 3,
    parentInput,
    retriedByClient: false,
  };
  const number = store.calls.insertCall({ ...call, createdAt: 5, closed: false }) ?? assert.fail();
  for (let index = 0; index < inputs; index++) {
    const args = new Uint8Array([index]);
    store.calls.insertInput({ key: inputKey(number, index), dataFormat: 4, methodName: undefined, args });
  }
  return number;
}

function output(store: Store, number: number, entry: number, index: number, bytes = 10): void {
  store.calls.insertOutput(entry, inputKey(number, index), {
    status: Status.SUCCESS,
    dataFormat: 4,
    taskId: "ta-1",
    startedAt: 1,
    createdAt: 2,
    exception: "",
    traceback: "",
    data: new Uint8Array(bytes),
  });
}

const indexes = (outputs: StoredOutput[]) => outputs.map(({ input }) => indexOf(input));

test("outputs are read after a cursor, as many as are wanted and as fit", () => {
  const { store, number } = storeWithCall(5);
  for (const [entry, index] of [3, 0, 4, 1].entries()) output(store, number, entry + 1, index);
  const after = (entry: number, limits = PLENTY) => store.calls.outputsAfter(number, entry, limits);
  assert.deepEqual(indexes(after(0)), [3, 0, 4, 1]);
  assert.deepEqual(
    after(0).map(({ entry }) => entry),
    [1, 2, 3, 4],
  );
  assert.deepEqual(indexes(after(2)), [4, 1]);
  assert.deepEqual(after(4), []);
  assert.deepEqual(indexes(after(0, { ...PLENTY, maxOutputs: 3 })), [3, 0, 4]);
  assert.deepEqual(indexes(after(0, { ...PLENTY, maxBytes: 25 })), [3, 0]);
  assert.deepEqual(indexes(after(0, { ...PLENTY, maxBytes: 1 })), [3], "one goes out however large it is");
});

test("outputs are read by index, in order, where there are some", () => {
  const { store, number } = storeWithCall(5);
  for (const [entry, index] of [3, 0, 4].entries()) output(store, number, entry + 1, index);
  assert.deepEqual(indexes(store.calls.outputsByIndex(number, 0, 3, PLENTY)), [0, 3]);
  assert.deepEqual(indexes(store.calls.outputsByIndex(number, 4, 2 ** 31 - 1, PLENTY)), [4]);
  assert.deepEqual(store.calls.outputsByIndex(number, 1, 1, PLENTY), []);
});

test("progress counts inputs, entries and statuses; pending inputs are those without output", () => {
  const { store, number } = storeWithCall(3);
  output(store, number, 1, 1);
  const { inputs, entries, byStatus } = store.calls.progress(number);
  assert.deepEqual([inputs, entries, byStatus.get(0), byStatus.get(Status.SUCCESS)], [3, 1, 2, 1]);
  assert.deepEqual(
    store.calls.pendingInputs(number).map(({ key }) => indexOf(key)),
    [0, 2],
  );
  assert.deepEqual(store.calls.args(inputKey(number, 2)), new Uint8Array([2]));
  assert.deepEqual(
    store.calls.inputStatuses(number).map(({ status, taskId }) => [status, taskId]),
    [
      [0, ""],
      [Status.SUCCESS, "ta-1"],
      [0, ""],
    ],
  );
});

test("a call is finished once, until an input of it is tried again", () => {
  const { store, number } = storeWithCall(1);
  output(store, number, 1, 0);
  store.calls.markFinished(number, 10);
  store.calls.markFinished(number, 20);
  assert.equal(store.calls.byNumber(number)?.finishedAt, 10);
  assert.equal(store.calls.progress(number).retried, false);
  store.attempts.begin(inputKey(number, 0), 1);
  assert.equal(store.calls.byNumber(number)?.finishedAt, undefined);
  assert.equal(store.calls.progress(number).retried, true);
});

test("an input is there once, and so is a call", () => {
  const { store, number } = storeWithCall(1);
  const again = { key: inputKey(number, 0), dataFormat: 4, methodName: undefined, args: new Uint8Array() };
  assert.equal(store.calls.insertInput(again), false);
  const { functionCallId, ...record } = store.calls.byNumber(number) ?? assert.fail();
  assert.equal(store.calls.insertCall({ ...record, functionCallId }), undefined);
  assert.ok((store.calls.insertCall({ ...record, functionCallId: "fc-other" }) ?? 0) > number);
});

test("calls are found by id, function, parent and state", () => {
  const { store, number, functionId } = storeWithCall(1);
  const child = addCall(store, functionId, "fc-b", 1, inputKey(number, 0));
  assert.equal(store.calls.get("fc-b")?.parentInput, inputKey(number, 0));
  assert.equal(store.calls.get("fc-c"), undefined);
  assert.deepEqual(
    store.calls.children(number).map((call) => call.number),
    [child],
  );
  assert.deepEqual(
    store.calls.ofFunction(functionId, 1).map((call) => call.number),
    [child],
  );
  store.calls.close(number);
  store.calls.markFinished(number, 10);
  store.calls.markCancelled(child);
  assert.deepEqual(
    store.calls.unfinished().map((call) => call.number),
    [child],
  );
  assert.deepEqual([store.calls.get("fc-a")?.closed, store.calls.get("fc-a")?.finishedAt], [true, 10]);
  assert.deepEqual([store.calls.get("fc-b")?.cancelled, store.calls.get("fc-b")?.closed], [true, true]);
});

test("only what finished long enough ago may be deleted, and no child of what still runs", () => {
  const { store, number, functionId } = storeWithCall(1);
  const child = addCall(store, functionId, "fc-b", 1, inputKey(number, 0));
  const other = addCall(store, functionId, "fc-c", 1);
  store.calls.markFinished(child, 10);
  store.calls.markFinished(other, 20);
  const finishedBefore = (time: number, after = 0, limit = 10) => store.calls.finishedBefore(time, { after, limit });
  assert.deepEqual(finishedBefore(15), []);
  assert.deepEqual(finishedBefore(20), [other]);
  store.calls.markFinished(number, 12);
  assert.deepEqual(finishedBefore(15), [number, child]);
  assert.deepEqual(finishedBefore(20, 0, 2), [number, child]);
  assert.deepEqual(finishedBefore(20, child), [other]);
});

test("a forgotten call is gone at once, then all that belongs to it in steps, and nothing else", () => {
  const { store, number, functionId } = storeWithCall(2);
  const other = addCall(store, functionId, "fc-b", 2);
  output(store, number, 1, 0, 100);
  output(store, other, 1, 0, 100);
  assert.deepEqual([...store.forgotten.bytesOf(number, 1)], [100, 1, 1], "counted one by one");
  assert.deepEqual([...store.forgotten.bytesOf(number, 2)], [100, 2], "counted two by two");
  store.forgotten.add(number);
  assert.equal(store.calls.get("fc-a"), undefined);
  const steps = [];
  for (let step = store.forgotten.deleteSome(1); step; step = store.forgotten.deleteSome(1)) steps.push(step.bytes);
  assert.deepEqual(steps, [100, 1, 1, 0], "an output, two inputs, and the call itself");
  assert.equal(store.calls.progress(number).inputs, 0);
  assert.deepEqual(store.calls.outputsAfter(number, 0, PLENTY), []);
  assert.equal(store.calls.progress(other).inputs, 2);
  assert.equal(store.calls.outputsAfter(other, 0, PLENTY).length, 1);
  assert.deepEqual(store.calls.counts(), { calls: 1 });
});
