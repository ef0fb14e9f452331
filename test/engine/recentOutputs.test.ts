import assert from "node:assert/strict";
import { test } from "node:test";
import { inputKey } from "../../src/engine/ids.ts";
import { RecentOutputs } from "../../src/engine/scheduler/recentOutputs.ts";
import type { StoredOutput } from "../../src/engine/store/callStore.ts";
import { newInputs, SchedulerHarness } from "./schedulerHarness.ts";

const ALL = { maxOutputs: 10_000, maxBytes: 1e9 };
const entries = (outputs: readonly StoredOutput[] | undefined) => outputs?.map(({ entry }) => entry);

function add(outputs: RecentOutputs, entry: number, bytes = 1): void {
  const data = new Uint8Array(bytes);
  const output = { status: 1, dataFormat: 4, taskId: "ta-1", startedAt: 1, createdAt: 2, exception: "", traceback: "" };
  outputs.add(entry, inputKey(1, entry), { ...output, data });
}

test("nothing is kept while nobody follows", () => {
  const outputs = new RecentOutputs();
  add(outputs, 1);
  assert.equal(outputs.take(0, ALL), undefined);
  assert.equal(outputs.take(1, ALL), undefined);
});

test("a follower is given each output once; whoever comes again is sent to the store", () => {
  const outputs = new RecentOutputs();
  outputs.follow(3);
  for (const entry of [3, 4, 5, 7]) add(outputs, entry);
  assert.deepEqual(entries(outputs.take(3, { ...ALL, maxOutputs: 2 })), [4, 5]);
  assert.deepEqual(entries(outputs.take(5, ALL)), [7]);
  assert.deepEqual(entries(outputs.take(7, ALL)), []);
  assert.equal(outputs.take(5, ALL), undefined);
  add(outputs, 8);
  assert.deepEqual(entries(outputs.take(7, ALL)), [8]);
});

test("a reader that is ahead takes what it has away from nobody but itself", () => {
  const outputs = new RecentOutputs();
  outputs.follow(0);
  for (const entry of [1, 2, 3]) add(outputs, entry);
  assert.deepEqual(entries(outputs.take(2, ALL)), [3]);
  assert.equal(outputs.take(0, ALL), undefined, "the store has 1 and 2");
});

test("a follower that stays away makes nobody keep much", () => {
  for (const bytes of [0, 1_000]) {
    const outputs = new RecentOutputs();
    outputs.follow(0);
    for (let entry = 1; entry <= 5_000; entry++) add(outputs, entry, bytes);
    assert.equal(outputs.take(0, ALL), undefined);
    outputs.follow(5_000);
    add(outputs, 5_001);
    assert.deepEqual(entries(outputs.take(5_000, ALL)), [5_001]);
  }
});

test("readers of one call at different places each find everything, in order", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const { functionCallId } = await harness.start(newInputs(40));
  await harness.ready();
  const limits = { maxOutputs: 3, maxBytes: 1e9 };
  const seen: number[][] = [[], [], []];
  const read = async (reader: number) => {
    const after = seen[reader]?.at(-1) ?? 0;
    const { outputs } = await harness.scheduler.outputs(functionCallId, { after, limits }, 0);
    for (const output of outputs) seen[reader]?.push(output.entry);
  };
  for (let step = 0; step < 40; step++) {
    harness.live[0]?.finish();
    await harness.settle();
    await read(0);
    if (step % 3 === 0) await read(1);
    if (step > 20) await read(2);
  }
  for (const reader of [1, 2]) while ((seen[reader]?.length ?? 0) < 40) await read(reader);
  for (const all of seen) {
    assert.deepEqual(
      all,
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
  }
});

test("a reader that comes late misses nothing of what is stored while it catches up", async () => {
  const harness = new SchedulerHarness({ max_containers: 1 });
  const { functionCallId } = await harness.start(newInputs(6));
  await harness.ready();
  const finish = async (count: number) => {
    for (let step = 0; step < count; step++) {
      harness.live[0]?.finish();
      await harness.settle();
    }
  };
  const read = async (after: number) => {
    const wanted = { after, limits: { maxOutputs: 3, maxBytes: 1e9 } };
    return entries((await harness.scheduler.outputs(functionCallId, wanted, 0)).outputs);
  };
  await finish(5);
  assert.deepEqual(await read(0), [1, 2, 3]);
  await finish(1);
  assert.deepEqual(await read(3), [4, 5, 6]);
});
