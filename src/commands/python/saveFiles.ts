import { dirname } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { saveProject } from "./unsavedFiles.ts";

/**
 * Saves what is about to be run: a file, and the Python files being edited in its workspace folder, or else in its own. What runs is what is
 * on disk, and where that is not what the editor shows, this says so.
 *
 * @throws InputError the file itself cannot be saved
 */
export async function saveFiles(file: vscode.Uri): Promise<void> {
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? dirname(file.fsPath);
  const failed = await saveProject(file.fsPath, folder, vscode.workspace.textDocuments);
  if (failed.length === 0) return;
  void vscode.window.showWarningMessage(l10n.t`${failed.join(", ")} could not be saved; what runs is what is on disk.`);
}
