import { UNIMPLEMENTED } from "../recordingServer.ts";
import type { RequestCase } from "./requestCase.ts";

/** The number of Modal's enum, which the SDK does not export. */
const RUNNING = 2;

const RECENT_INPUT = {
  functionCallId: "fc-1",
  status: "RUNNING",
  enqueuedAt: 1_500,
  startedAt: 2_500,
  executionMs: undefined,
  startupMs: undefined,
  taskId: "ta-1",
  methodName: "",
};

/** What a function was called for, and how that went. */
export const recentCallCases: readonly RequestCase[] = [
  {
    does: "calls.list",
    answers: {
      FunctionCallList: {
        functionCalls: [{ functionCallId: "fc-1", createdAt: 1.5, totalInputs: 3, succeededInputs: { total: 2 } }],
      },
    },
    act: (modal) => modal.calls.list("fu-1"),
    returns: [
      {
        functionCallId: "fc-1",
        createdAt: 1_500,
        totalInputs: 3,
        pendingInputs: 1,
        succeededInputs: 2,
        failedInputs: 0,
        timedOutInputs: 0,
        cancelledInputs: 0,
      },
    ],
    sends: [["FunctionCallList", { functionId: "fu-1" }]],
  },
  {
    does: "calls.recentInputs",
    answers: {
      FunctionCallFetch: {
        functionCallInputs: [
          {
            functionCallId: "fc-1",
            status: RUNNING,
            enqueuedAt: new Date(1_500),
            startedAt: new Date(2_500),
            containerId: "ta-1",
          },
        ],
      },
    },
    act: (modal) => modal.calls.recentInputs("fu-1", { limit: 5 }),
    returns: [RECENT_INPUT],
    sends: [["FunctionCallFetch", { functionId: "fu-1", tail: { count: 5 } }]],
  },
  {
    does: "calls.recentInputs of a time",
    answers: {},
    act: (modal) => modal.calls.recentInputs("fu-1", { since: 1_500, until: 2_500, limit: 5 }),
    returns: [],
    sends: [
      [
        "FunctionCallFetch",
        {
          functionId: "fu-1",
          range: { since: new Date(1_500).toISOString(), until: new Date(2_500).toISOString(), limit: 5 },
        },
      ],
    ],
  },
  {
    does: "calls.recentInputs where FunctionCallFetch is missing",
    answers: {
      FunctionCallFetch: UNIMPLEMENTED,
      FunctionCallList: { functionCalls: [{ functionCallId: "fc-1", createdAt: 1.5, pendingInputs: { total: 1 } }] },
      FunctionCallGetInfo: {
        info: {
          functionCallId: "fc-1",
          createdAt: 1.5,
          pendingInputs: { total: 1, latest: [{ taskId: "ta-1", startedAt: 2.5 }] },
        },
      },
    },
    act: (modal) => modal.calls.recentInputs("fu-1", { limit: 5 }),
    returns: [{ ...RECENT_INPUT, status: "PENDING" }],
    sends: [
      ["FunctionCallFetch", { functionId: "fu-1", tail: { count: 5 } }],
      ["FunctionCallList", { functionId: "fu-1" }],
      ["FunctionCallGetInfo", { functionId: "fu-1", functionCallId: "fc-1" }],
    ],
  },
  {
    does: "getMetrics",
    answers: {
      FunctionGetMetrics: {
        since: new Date(60_000),
        until: new Date(120_000),
        bucketSecs: 60,
        series: [{ name: "calls_count", unit: "calls", points: [{ timestamp: new Date(60_000), value: 3 }] }],
      },
    },
    act: (modal) => modal.functions.fromId("fu-1").getMetrics({ since: 60_500, until: 120_500, bucketSeconds: 60 }),
    returns: {
      since: 60_000,
      until: 120_000,
      bucketSeconds: 60,
      series: [{ name: "calls_count", unit: "calls", description: "", points: [{ at: 60_000, value: 3 }] }],
    },
    sends: [
      [
        "FunctionGetMetrics",
        {
          functionId: "fu-1",
          bucketSecs: 60,
          since: new Date(60_500).toISOString(),
          until: new Date(120_500).toISOString(),
        },
      ],
    ],
  },
];
