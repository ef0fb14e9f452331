import type { FunctionCallInfo, ModalClient } from "../client/index.ts";
import type { CallHistory } from "./callHistory.ts";
import type { InputCounts } from "./inputCounts.ts";

/** The counts of a call in a server's list. */
export function listedCounts(info: FunctionCallInfo): InputCounts {
  return {
    PENDING: info.pendingInputs,
    SUCCESS: info.succeededInputs,
    FAILURE: info.failedInputs,
    TERMINATED: info.cancelledInputs,
    TIMEOUT: info.timedOutInputs,
    INIT_FAILURE: 0,
  };
}

/** What bringing a history up to date needs of a `ModalClient`. */
export interface CallLists {
  readonly functions: { lookup(appName: string, name: string): Promise<{ readonly functionId: string }> };
  readonly calls: Pick<ModalClient["calls"], "list">;
}

/** Writes into the history which of its calls have finished since, while nobody looked. What the server does not know stays as it is. */
export async function updateHistory(history: CallHistory, modal: CallLists): Promise<void> {
  const unfinished = history.records.filter((record) => record.finishedAt === undefined);
  const functions = new Map(unfinished.map((record) => [`${record.appName}/${record.functionName}`, record]));
  const lists = [...functions.values()].map(async ({ appName, functionName }) => {
    const { functionId } = await modal.functions.lookup(appName, functionName);
    return modal.calls.list(functionId);
  });
  for (const result of await Promise.allSettled(lists)) {
    for (const info of result.status === "fulfilled" ? result.value : []) {
      const record = unfinished.find(({ functionCallId }) => functionCallId === info.functionCallId);
      if (!record || info.pendingInputs > 0) continue;
      await history.save({ ...record, finishedAt: Date.now(), counts: listedCounts(info) });
    }
  }
}
