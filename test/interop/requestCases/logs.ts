import { collect } from "../../client/fakeModal.ts";
import type { RequestCase } from "./requestCase.ts";

/** The number of Modal's enum, which the SDK does not export. */
const STDERR = 2;

const SPAN = { since: new Date(1_250).toISOString(), until: new Date(1_750).toISOString() };
const BATCHES = { batches: [{ taskId: "ta-1", items: [{ data: "hello\n", timestamp: 1.5 }] }] };

/** What functions print. */
export const logCases: readonly RequestCase[] = [
  {
    does: "logs.stream",
    answers: {
      AppGetLogs: [
        {
          entryId: "1-0",
          taskId: "ta-1",
          items: [{ data: "hello\n", fileDescriptor: STDERR, timestampNs: 1_500_000_000, functionCallId: "fc-1" }],
        },
        { entryId: "2-0", appDone: true },
      ],
    },
    act: async (modal) => {
      const entries = await collect(
        modal.logs.stream({ appId: "ap-1", functionCallId: "fc-1", cursor: "0-5", follow: true }),
      );
      return entries.map(({ at, source, text, taskId, functionCallId }) => [at, source, text, taskId, functionCallId]);
    },
    returns: [[1_500, "stderr", "hello\n", "ta-1", "fc-1"]],
    sends: [["AppGetLogs", { appId: "ap-1", functionCallId: "fc-1", lastEntryId: "0-5", timeout: 55 }]],
  },
  {
    does: "logs.fetch",
    answers: {
      AppCountLogs: { buckets: [{ bucketStartAt: new Date(0), stdoutLogs: 1 }] },
      AppFetchLogs: BATCHES,
    },
    act: async (modal) => {
      const options = { appId: "ap-1", source: "stderr", searchText: "x", since: 1_250, until: 1_750 } as const;
      return (await collect(modal.logs.fetch(options))).map(({ at, text }) => [at, text]);
    },
    returns: [[1_500, "hello\n"]],
    sends: [
      ["AppCountLogs", { appId: "ap-1", searchText: "x", bucketSecs: 2, source: "FILE_DESCRIPTOR_STDERR", ...SPAN }],
      [
        "AppFetchLogs",
        {
          appId: "ap-1",
          searchText: "x",
          limit: 20_000,
          source: "FILE_DESCRIPTOR_STDERR",
          ...SPAN,
        },
      ],
    ],
  },
  {
    does: "logs.tail",
    answers: { AppFetchLogs: BATCHES },
    act: async (modal) => {
      const filter = { appId: "ap-1", functionId: "fu-1", functionCallId: "fc-1", taskId: "ta-1" };
      const entries = await modal.logs.tail({ ...filter, limit: 1, since: 1_250, until: 1_750 });
      return entries.map(({ at, text }) => [at, text]);
    },
    returns: [[1_500, "hello\n"]],
    sends: [
      [
        "AppFetchLogs",
        { appId: "ap-1", functionId: "fu-1", functionCallId: "fc-1", taskId: "ta-1", limit: 1, ...SPAN },
      ],
    ],
  },
];
