import { type FunctionCallInfo, type ModalClient, namedFunction } from "../client/index.ts";
import type { CallHistory } from "./callHistory.ts";
import type { CallRecord } from "./callRecord.ts";
import { listedCounts } from "./inputCounts.ts";

/** Where a function is, by its names. */
export type FunctionPlace = Pick<CallRecord, "targetId" | "environmentName" | "appName" | "functionName">;

/** The recent calls of a function by its names. */
export async function listCalls(
  modal: ModalClient,
  { appName, functionName }: FunctionPlace,
): Promise<FunctionCallInfo[]> {
  const { functionId } = await namedFunction(modal, appName, functionName).hydrate();
  return modal.calls.list(functionId);
}

/** Writes into the history which of its calls have finished since, while nobody looked. What the server does not know stays as it is. */
export async function updateHistory(
  history: CallHistory,
  list: (place: FunctionPlace) => Promise<FunctionCallInfo[]>,
): Promise<void> {
  const unfinished = history.records.filter((record) => record.finishedAt === undefined);
  const functions = new Map(unfinished.map((record) => [functionKey(record), record]));
  const lists = [...functions.values()].map((record) => list(record));
  for (const result of await Promise.allSettled(lists)) {
    for (const info of result.status === "fulfilled" ? result.value : []) {
      const record = unfinished.find(({ functionCallId }) => functionCallId === info.functionCallId);
      if (!record || info.pendingInputs > 0) continue;
      await history.save({ ...record, finishedAt: Date.now(), counts: listedCounts(info) });
    }
  }
}

function functionKey({ targetId, environmentName, appName, functionName }: FunctionPlace): string {
  return JSON.stringify([targetId, environmentName, appName, functionName]);
}
