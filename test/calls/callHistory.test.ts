import assert from "node:assert/strict";
import { test } from "node:test";
import { CallHistory, type KeyValueStore } from "../../src/calls/callHistory.ts";
import type { CallRecord } from "../../src/calls/callRecord.ts";

function memory(): KeyValueStore {
  const values = new Map<string, string>();
  return {
    get: (key) => JSON.parse(values.get(key) ?? "null") ?? undefined,
    update: async (key, value) => void values.set(key, JSON.stringify(value)),
  };
}

function record(n: number): CallRecord {
  return {
    functionCallId: `fc-${n}`,
    targetId: "local",
    targetName: "Local",
    environmentName: "",
    appName: "a",
    functionName: "f",
    kind: "spawn",
    createdAt: n,
  };
}

test("shows the calls again after the window was closed, newest first", async () => {
  const store = memory();
  const before = new CallHistory(store);
  await before.save(record(1));
  await before.save(record(2));
  const after = new CallHistory(store);
  assert.deepEqual(
    after.records.map((call) => call.functionCallId),
    ["fc-2", "fc-1"],
  );
  assert.equal(after.find("fc-1")?.functionName, "f");
  assert.equal(after.find("fc-9"), undefined);
});

test("keeps what changed of a call, and at most 200 calls", async () => {
  const history = new CallHistory(memory());
  let changes = 0;
  const stop = history.onChange(() => changes++);
  for (let n = 0; n < 201; n++) await history.save(record(n));
  await history.save({ ...record(7), finishedAt: 99 });
  stop();
  await history.save(record(300));
  assert.equal(history.records.length, 200);
  assert.equal(history.find("fc-0"), undefined);
  assert.equal(history.find("fc-7")?.finishedAt, 99);
  assert.equal(changes, 202);
});
