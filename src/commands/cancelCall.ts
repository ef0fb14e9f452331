import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { chooseCall } from "./choose/chooseCall.ts";
import type { Services } from "./services.ts";

/**
 * *Cancel Call*: cancels all unfinished inputs of a call.
 *
 * @param argument `{ functionCallId }`; otherwise the user picks one
 * @param terminateContainers also ends the containers that run them, for a function that does not react
 */
export async function cancelCall(services: Services, argument: unknown, terminateContainers: boolean): Promise<void> {
  const record = await chooseCall(services, argument, { unfinishedOnly: true });
  if (!record) return;
  await services.watches.of(record).cancel({ terminateContainers });
  services.explorer.refreshCalls(record);
  vscode.window.setStatusBarMessage(l10n.t`Cancelled ${record.functionName}.`, 5_000);
}
