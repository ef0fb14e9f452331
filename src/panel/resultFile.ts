import * as vscode from "vscode";

/** A file with results, in the workspace where there is one. What functions are called by may have characters that files must not. */
export function resultFile(name: string): vscode.Uri | undefined {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  return folder && vscode.Uri.joinPath(folder, name.replaceAll(/[^\w.-]+/g, "-"));
}
