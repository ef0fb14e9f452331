import type { CallRecord } from "../../src/calls/callRecord.ts";

/** A call as the extension keeps it: a map on the local engine, but for what is said. */
export const callRecord = (changes: Partial<CallRecord> = {}): CallRecord => ({
  functionCallId: "fc-1",
  targetId: "local",
  targetName: "Local",
  environmentName: "",
  appName: "app",
  functionName: "square",
  kind: "map",
  createdAt: 500,
  ...changes,
});
