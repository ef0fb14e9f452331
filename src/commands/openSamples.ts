import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { Services } from "./services.ts";

/**
 * *Open Samples*: opens a sample app. The samples are copied to a folder of the user first, as the extension's own folder
 * goes away with each update; what was edited there stays.
 */
export async function openSamples({ extensionUri, storageUri }: Services): Promise<void> {
  const samples = vscode.Uri.joinPath(storageUri, "samples");
  await copyMissing(vscode.Uri.joinPath(extensionUri, "media", "samples"), samples);
  const files = await vscode.workspace.fs.readDirectory(samples);
  const items = files
    .filter(([name]) => name.endsWith(".py"))
    .map(([name]) => ({
      label: `$(file-code) ${basename(name, ".py").replaceAll("_", " ")}`,
      description: name,
      name,
    }));
  const item = await vscode.window.showQuickPick(items, {
    placeHolder: l10n.t("Which sample?"),
    matchOnDescription: true,
  });
  if (item) await vscode.window.showTextDocument(vscode.Uri.joinPath(samples, item.name));
}

async function copyMissing(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  await vscode.workspace.fs.createDirectory(to);
  const known = new Set((await vscode.workspace.fs.readDirectory(to)).map(([name]) => name));
  for (const [name, type] of await vscode.workspace.fs.readDirectory(from)) {
    const [source, copy] = [vscode.Uri.joinPath(from, name), vscode.Uri.joinPath(to, name)];
    if (type === vscode.FileType.Directory) await copyMissing(source, copy);
    else if (!known.has(name)) await vscode.workspace.fs.copy(source, copy);
  }
}
