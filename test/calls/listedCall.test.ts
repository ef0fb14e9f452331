import assert from "node:assert/strict";
import { test } from "node:test";
import { CallHistory } from "../../src/calls/callHistory.ts";
import type { CallRecord } from "../../src/calls/callRecord.ts";
import { describeCall } from "../../src/calls/describeCall.ts";
import { updateHistory } from "../../src/calls/listedCall.ts";
import type { AppInfo, FunctionCallInfo } from "../../src/client/index.ts";

function listed(functionCallId: string, pendingInputs: number): FunctionCallInfo {
  return {
    functionCallId,
    createdAt: 77,
    totalInputs: 3,
    pendingInputs,
    succeededInputs: 2,
    failedInputs: 1 - pendingInputs,
    timedOutInputs: 0,
    cancelledInputs: 0,
  };
}

const LOCAL = { targetId: "local", targetName: "Local", environmentName: "" };

function record(functionCallId: string, functionName: string): CallRecord {
  return { ...LOCAL, functionCallId, appName: "app", functionName, kind: "map", createdAt: 1 };
}

test("calls that finished while nobody looked are marked, the others stay", async () => {
  const history = new CallHistory({ get: () => undefined, update: async () => undefined });
  await history.save(record("fc-done", "f"));
  await history.save(record("fc-running", "f"));
  await history.save(record("fc-gone", "undeployed"));
  await updateHistory(history, async ({ functionName }) => {
    if (functionName === "undeployed") throw new Error("There is no such function.");
    return [listed("fc-done", 0), listed("fc-running", 1), listed("fc-another", 0)];
  });
  assert.equal(history.find("fc-done")?.counts?.FAILURE, 1);
  assert.notEqual(history.find("fc-done")?.finishedAt, undefined);
  assert.equal(history.find("fc-running")?.finishedAt, undefined);
  assert.equal(history.find("fc-gone")?.finishedAt, undefined);
  assert.equal(history.records.length, 3);
});

test("a call that was made elsewhere gets its names from the server", async () => {
  const app: AppInfo = {
    appId: "ap-1",
    name: "words",
    state: "DEPLOYED",
    createdAt: 0,
    stoppedAt: 0,
    numRunningContainers: 0,
  };
  const directory = {
    calls: {
      fromId: () => ({
        hydrate: async () => ({ appId: "ap-1", functionId: "fu-9", numInputs: 5 }),
        getCallGraph: async () => [],
      }),
      list: async () => [listed("fc-1", 0)],
    },
    apps: { list: async () => [app], layout: async () => [] },
  };
  assert.deepEqual(await describeCall(directory, "fc-1", { id: "local", name: "Local" }), {
    ...LOCAL,
    functionCallId: "fc-1",
    appName: "words",
    functionName: "fu-9",
    kind: "map",
    createdAt: 77,
  });
});
