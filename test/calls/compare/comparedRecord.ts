import type { CallRecord } from "../../../src/calls/callRecord.ts";

/** A map that may be compared with another one. */
export function comparedRecord(functionCallId: string, some: Partial<CallRecord> = {}): CallRecord {
  return {
    functionCallId,
    targetId: "local",
    targetName: "Local",
    environmentName: "",
    appName: "word-count",
    functionName: "count_words",
    kind: "map",
    createdAt: 500,
    ...some,
  };
}
