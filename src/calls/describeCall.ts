import { type AppService, calledFunction, type FunctionCall, type FunctionCallService } from "../client/index.ts";
import type { CallRecord } from "./callRecord.ts";

/** What finding out about a call needs of a `ModalClient`. */
export interface CallDirectory {
  readonly calls: Pick<FunctionCallService, "list"> & {
    fromId(functionCallId: string): Pick<FunctionCall, "getCallGraph" | "hydrate">;
  };
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
  target: { readonly id: string; readonly name: string },
): Promise<CallRecord> {
  const call = modal.calls.fromId(functionCallId);
  const { appId, functionId, numInputs } = await call.hydrate();
  const [apps, functions, calls] = await Promise.all([
    modal.apps.list(),
    modal.apps.layout(appId).catch(() => []),
    modal.calls.list(functionId).catch(() => []),
  ]);
  const called = await calledFunction(functions, functionId, call).catch(() => undefined);
  return {
    functionCallId,
    targetId: target.id,
    targetName: target.name,
    environmentName: "",
    appName: apps.find((app) => app.appId === appId)?.name ?? appId,
    functionName: called?.name ?? functionId,
    kind: numInputs > 1 ? "map" : "spawn",
    createdAt: calls.find((listed) => listed.functionCallId === functionCallId)?.createdAt ?? Date.now(),
  };
}
