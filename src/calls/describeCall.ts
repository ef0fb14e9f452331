import type { AppService, FunctionCall, FunctionCallService } from "../client/index.ts";
import type { CallRecord } from "./callRecord.ts";

/** What finding out about a call needs of a `ModalClient`. */
export interface CallDirectory {
  readonly calls: Pick<FunctionCallService, "list"> & { fromId(functionCallId: string): Pick<FunctionCall, "hydrate"> };
  readonly apps: Pick<AppService, "list" | "layout">;
}

/**
 * Asks the server about a call that this window did not make. What the server no longer names is named by its id.
 *
 * @throws NotFoundError the server does not know the call
 */
export async function describeCall(
  modal: CallDirectory,
  functionCallId: string,
  targetName: string,
): Promise<CallRecord> {
  const { appId, functionId, numInputs } = await modal.calls.fromId(functionCallId).hydrate();
  const [apps, functions, calls] = await Promise.all([
    modal.apps.list(),
    modal.apps.layout(appId).catch(() => []),
    modal.calls.list(functionId).catch(() => []),
  ]);
  return {
    functionCallId,
    targetName,
    appName: apps.find((app) => app.appId === appId)?.name ?? appId,
    functionName: functions.find((candidate) => candidate.functionId === functionId)?.name ?? functionId,
    kind: numInputs > 1 ? "map" : "spawn",
    createdAt: calls.find((call) => call.functionCallId === functionCallId)?.createdAt ?? Date.now(),
  };
}
