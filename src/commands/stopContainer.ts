import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { placeOf, textProperty } from "./argument.ts";
import type { Services } from "./services.ts";

/**
 * *Stop Container*: after the user has confirmed it, ends a container. What it ran is run again elsewhere.
 *
 * @param argument `{ taskId, targetId?, environmentName? }`
 */
export async function stopContainer({ targets, explorer }: Services, argument: unknown): Promise<void> {
  const taskId = textProperty(argument, "taskId");
  if (!taskId) return;
  const options = { modal: true, detail: l10n.t("The inputs that it runs are run again in another container.") };
  const answer = await vscode.window.showWarningMessage(l10n.t`Stop ${taskId}?`, options, l10n.t("Stop Container"));
  if (answer === undefined) return;
  await (await targets.modal(placeOf({ targets }, argument))).containers.stop(taskId);
  explorer.refresh();
}
