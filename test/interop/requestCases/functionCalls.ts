import { collect } from "../../client/fakeModal.ts";
import { FORTY_NINE, output, type RequestCase, Status } from "./requestCase.ts";

/** Calls that were made before, by their ids. */
export const functionCallCases: readonly RequestCase[] = [
  {
    does: "get, without waiting",
    answers: { FunctionGetOutputs: { outputs: [output(FORTY_NINE, 3)] } },
    act: (modal) => modal.calls.fromId("fc-1").get({ index: 3, timeoutMs: 0 }),
    returns: 49,
    sends: [["FunctionGetOutputs", { functionCallId: "fc-1", lastEntryId: "0-0", startIdx: 3, endIdx: 3 }]],
  },
  {
    does: "outputs, from a place in the log",
    answers: { FunctionGetOutputs: { outputs: [], lastEntryId: "5-0" } },
    act: (modal) => collect(modal.calls.fromId("fc-1").outputs({ cursor: "5-0", maxWaitMs: 2_000 })),
    returns: [{ outputs: [], cursor: "5-0", numUnfinishedInputs: 0 }],
    sends: [["FunctionGetOutputs", { functionCallId: "fc-1", timeout: 2, lastEntryId: "5-0" }]],
  },
  {
    does: "cancel",
    answers: {},
    act: (modal) => modal.calls.fromId("fc-1").cancel({ terminateContainers: true }),
    returns: undefined,
    sends: [["FunctionCallCancel", { functionCallId: "fc-1", terminateContainers: true }]],
  },
  {
    does: "getCallGraph",
    answers: {
      FunctionGetCallGraph: {
        inputs: [
          { inputId: "in-1", functionCallId: "fc-1", taskId: "ta-1", status: Status.SUCCESS, idx: 0 },
          { inputId: "in-2", functionCallId: "fc-2", taskId: "", status: 0, idx: 0 },
        ],
        functionCalls: [
          { functionCallId: "fc-1", parentInputId: "", functionName: "outer", moduleName: "app" },
          { functionCallId: "fc-2", parentInputId: "in-1", functionName: "inner", moduleName: "app" },
        ],
      },
    },
    act: (modal) => modal.calls.fromId("fc-1").getCallGraph(),
    returns: [
      {
        inputId: "in-1",
        functionCallId: "fc-1",
        taskId: "ta-1",
        status: "SUCCESS",
        functionName: "outer",
        moduleName: "app",
        children: [
          {
            inputId: "in-2",
            functionCallId: "fc-2",
            taskId: "",
            status: "PENDING",
            functionName: "inner",
            moduleName: "app",
            children: [],
          },
        ],
      },
    ],
    sends: [["FunctionGetCallGraph", { functionCallId: "fc-1" }]],
  },
  {
    does: "info",
    answers: {
      FunctionCallFromId: { metadata: { appId: "ap-1", functionId: "fu-1" } },
      FunctionCallGetInfo: {
        info: { functionCallId: "fc-1", createdAt: 1.5, totalInputs: 3, failedInputs: { total: 1 } },
      },
    },
    act: (modal) => modal.calls.fromId("fc-1").info(),
    returns: {
      functionCallId: "fc-1",
      createdAt: 1_500,
      totalInputs: 3,
      pendingInputs: 2,
      succeededInputs: 0,
      failedInputs: 1,
      timedOutInputs: 0,
      cancelledInputs: 0,
    },
    sends: [
      ["FunctionCallFromId", { functionCallId: "fc-1" }],
      ["FunctionCallGetInfo", { functionCallId: "fc-1", functionId: "fu-1" }],
    ],
  },
  {
    does: "runningInputs",
    answers: {
      FunctionCallFromId: { metadata: { appId: "ap-1", functionId: "fu-1" } },
      FunctionCallGetInfo: {
        info: {
          functionCallId: "fc-1",
          pendingInputs: {
            total: 2,
            latest: [
              { inputId: "in-1", idx: 4, taskId: "ta-1", startedAt: 2.5 },
              { inputId: "in-2", idx: 5 },
            ],
          },
        },
      },
    },
    act: (modal) => modal.calls.fromId("fc-1").runningInputs(),
    returns: [{ index: 4, inputId: "in-1", taskId: "ta-1", startedAt: 2_500 }],
    sends: [
      ["FunctionCallFromId", { functionCallId: "fc-1" }],
      ["FunctionCallGetInfo", { functionCallId: "fc-1", functionId: "fu-1" }],
    ],
  },
  {
    does: "hydrate",
    answers: {
      FunctionCallFromId: { functionCallId: "fc-1", numInputs: 3, metadata: { appId: "ap-1", functionId: "fu-1" } },
    },
    act: async (modal) => modal.calls.fromId("fc-1").hydrate(),
    returns: { appId: "ap-1", functionId: "fu-1", numInputs: 3 },
    sends: [["FunctionCallFromId", { functionCallId: "fc-1" }]],
  },
];
