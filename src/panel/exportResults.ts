import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallWatch } from "../calls/callWatch.ts";
import { resultFile } from "./resultFile.ts";

/** Writes the results so far into a file that the user names: one line of JSON for each, or a table as CSV. */
export async function exportResults(watch: CallWatch): Promise<void> {
  const defaultUri = resultFile(`${watch.summary.functionName}-results.jsonl`);
  const uri = await vscode.window.showSaveDialog({
    title: l10n.t("Export Results"),
    filters: { [l10n.t("Lines of JSON")]: ["jsonl"], [l10n.t("Comma-separated values")]: ["csv"] },
    ...(defaultUri && { defaultUri }),
  });
  if (!uri) return;
  const location = vscode.ProgressLocation.Notification;
  const title = l10n.t("Exporting results");
  await vscode.window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    const stopped = new AbortController();
    token.onCancellationRequested(() => stopped.abort(new vscode.CancellationError()));
    await write(uri, watch.exported(uri.path.toLowerCase().endsWith(".csv") ? "csv" : "jsonl", stopped.signal));
  });
  const open = l10n.t("Open");
  const told = await vscode.window.showInformationMessage(l10n.t("The results are exported."), open);
  if (told === open) await vscode.commands.executeCommand("vscode.open", uri);
}

/** Piece by piece where there is a file of this machine; VS Code's other file systems take whole files only. */
async function write(uri: vscode.Uri, pieces: AsyncIterable<string>): Promise<void> {
  if (uri.scheme === "file") return pipeline(Readable.from(pieces), createWriteStream(uri.fsPath));
  let text = "";
  for await (const piece of pieces) text += piece;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
}
