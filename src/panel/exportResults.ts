import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallWatch } from "../calls/callWatch.ts";
import { resultFile } from "./resultFile.ts";
import { writeFile } from "./writeFile.ts";

/** Writes the results so far into a file that the user names: one line of JSON for each, or a table as CSV. */
export async function exportResults(watch: CallWatch): Promise<void> {
  if (watch.rows.size === 0) {
    void vscode.window.showInformationMessage(l10n.t("There are no results to export."));
    return;
  }
  const uri = await vscode.window.showSaveDialog({
    title: l10n.t("Export Results"),
    filters: { [l10n.t("Lines of JSON")]: ["jsonl"], [l10n.t("Comma-separated values")]: ["csv"] },
    defaultUri: resultFile(`${watch.summary.functionName}-results.jsonl`),
  });
  if (!uri) return;
  const location = vscode.ProgressLocation.Notification;
  const title = l10n.t("Exporting results");
  const isRunning = watch.summary.finishedAt === undefined;
  await vscode.window.withProgress({ location, title, cancellable: true }, (_, token) => {
    const stopped = new AbortController();
    token.onCancellationRequested(() => stopped.abort(new vscode.CancellationError()));
    const format = uri.path.toLowerCase().endsWith(".csv") ? "csv" : "jsonl";
    return writeFile(uri, watch.exported(format, stopped.signal));
  });
  const told = isRunning
    ? l10n.t("The results so far are exported; the call is still running.")
    : l10n.t("The results are exported.");
  const open = l10n.t("Open");
  if ((await vscode.window.showInformationMessage(told, open)) === open) {
    await vscode.commands.executeCommand("vscode.open", uri);
  }
}
