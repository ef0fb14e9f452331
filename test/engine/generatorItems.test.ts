import assert from "node:assert/strict";
import { test } from "node:test";
import { inputKey } from "../../src/engine/ids.ts";
import { ActiveCall } from "../../src/engine/scheduler/activeCall.ts";
import { GeneratorItems } from "../../src/engine/scheduler/generatorItems.ts";
import { outcomeWithoutData } from "../../src/engine/scheduler/outcome.ts";
import { scheduledInput } from "../../src/engine/scheduler/scheduledInput.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { FakeClock } from "./fakeClock.ts";
import { settled } from "./schedulerHarness.ts";
import { storeWithFunctions } from "./storeHarness.ts";

const REFUSE_ITEMS =
  "CREATE TRIGGER full_disk BEFORE INSERT ON data_out BEGIN SELECT raise(ABORT, 'disk is full'); END";
const never = new AbortController().signal;

/** A generator's one input, over a store in memory. `reopen` is what a new engine would make of the same store. */
function generator() {
  const { store, functionId } = storeWithFunctions(["f"]);
  const created = {
    functionCallId: "fc-1",
    functionId: functionId("f"),
    callType: 1,
    invocationType: 1,
    parentInput: undefined,
    retriedByClient: false,
    createdAt: 1,
    closed: false,
  };
  const number = store.database.transaction(() => store.calls.insertCall(created)) ?? assert.fail();
  const reopen = () => {
    const record = store.calls.byNumber(number) ?? assert.fail();
    const call = new ActiveCall(record, {
      inputs: 1,
      retried: false,
      entries: 0,
      byStatus: new Map([[Status.UNSPECIFIED, 1]]),
    });
    const key = inputKey(number, 0);
    const input = scheduledInput(call, { key, dataFormat: 4, methodName: undefined, args: undefined });
    const items = new GeneratorItems(store, new FakeClock(), () => {});
    const read = async (after = 0) =>
      (await items.after(call, after, 0, never)).map(({ index, data }) => [
        index,
        data instanceof Uint8Array ? data[0] : data,
      ]);
    const append = (...values: number[]) => {
      for (const value of values) items.append(input, { dataFormat: 4, data: new Uint8Array([value]) });
    };
    return { call, input, items, read, append };
  };
  return { store, reopen, ...reopen() };
}

const success = outcomeWithoutData(Status.SUCCESS, "", 1);

test("items are numbered from 1, and given out once they are stored", async () => {
  const { append, read } = generator();
  append(7, 8);
  assert.deepEqual(await read(), []);
  await settled();
  append(9);
  await settled();
  assert.deepEqual(await read(), [
    [1, 7],
    [2, 8],
    [3, 9],
  ]);
  assert.deepEqual(await read(2), [[3, 9]]);
});

test("a run that nobody read starts over, also when its items are not stored yet", async () => {
  const { append, read, items, input } = generator();
  append(1, 2, 3);
  await settled();
  append(4);
  assert.equal(items.startOver(input), true);
  append(5);
  await settled();
  assert.deepEqual(await read(), [[1, 5]]);
});

test("a run that somebody read does not start over, nor after a restart", async () => {
  const { append, read, items, input, reopen } = generator();
  append(1);
  await settled();
  await read();
  assert.equal(items.startOver(input), false);
  const later = reopen();
  assert.equal(later.items.startOver(later.input), false);
  assert.deepEqual(await later.read(), [[1, 1]]);
});

test("a run that nobody read before a restart starts over", async () => {
  const { append, reopen } = generator();
  append(1, 2);
  await settled();
  const later = reopen();
  assert.equal(later.items.startOver(later.input), true);
  later.append(3);
  await settled();
  assert.deepEqual(await later.read(), [[1, 3]]);
});

test("when an item cannot be stored, the success of its input becomes a failure that says why", async () => {
  const { append, read, items, input, store } = generator();
  append(1);
  await settled();
  store.database.transaction(() => store.database.statement(REFUSE_ITEMS).run());
  append(2);
  await settled();
  store.database.transaction(() => store.database.statement("DROP TRIGGER full_disk").run());
  append(3);
  await settled();
  assert.deepEqual(await read(), [[1, 1]]);
  const outcome = items.checked(input, success);
  assert.equal(outcome.status, Status.INTERNAL_FAILURE);
  assert.match(outcome.exception, /could not write to its store \(disk is full\), so items are missing/);
  const failure = outcomeWithoutData(Status.FAILURE, "ValueError()", 1);
  assert.equal(items.checked(input, failure), failure);
});
