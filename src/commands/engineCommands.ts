import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Services } from "./services.ts";

/** *Restart Engine*: ends the local engine and starts it again. Unfinished inputs go on then. */
export async function restartEngine({ targets, explorer }: Services): Promise<void> {
  const options = { location: vscode.ProgressLocation.Window, title: l10n.t("Restarting the local engine") };
  await vscode.window.withProgress(options, () => targets.local.restart());
  explorer.refresh();
}

/** *Show Engine Log*: opens what the local engine wrote about itself. */
export async function showEngineLog({ targets }: Services): Promise<void> {
  const file = vscode.Uri.file(join(await targets.local.dataFolder(), "engine.log"));
  await vscode.window.showTextDocument(file, { preview: true });
}
