import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { InputError } from "../inputs/inputError.ts";

/**
 * Saves what is about to be run: a file, and the other Python files of its project that are being edited, for it may import them.
 * What runs is what is on disk, and where that is not what the editor shows, this says so.
 *
 * @throws InputError the file itself cannot be saved
 */
export async function saveFiles(file: vscode.Uri): Promise<void> {
  const unsaved = vscode.workspace.textDocuments.filter(({ isDirty, uri }) => isDirty && uri.scheme === "file");
  const main = unsaved.find(({ uri }) => uri.toString() === file.toString());
  if (main && !(await main.save())) {
    throw new InputError(`${basename(file.fsPath)} could not be saved; save it, or revert it, and run it again.`);
  }
  const others = unsaved.filter((document) => document !== main && isOfProject(document, file));
  const failed: string[] = [];
  for (const document of others) if (!(await document.save())) failed.push(basename(document.uri.fsPath));
  if (failed.length === 0) return;
  const message = `${failed.join(", ")} could not be saved; what runs is what is on disk.`;
  void vscode.window.showWarningMessage(message);
}

/** Whether a document is Python in the workspace folder of a file, or else in the file's folder. */
function isOfProject({ languageId, uri }: vscode.TextDocument, file: vscode.Uri): boolean {
  const folder = vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? dirname(file.fsPath);
  return languageId === "python" && isInside(folder, uri.fsPath);
}

function isInside(folder: string, path: string): boolean {
  const parent = dirname(path);
  return parent === folder || (parent !== path && isInside(folder, parent));
}
