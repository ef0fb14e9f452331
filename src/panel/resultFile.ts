import { homedir } from "node:os";
import * as vscode from "vscode";

/**
 * A file with results, in the workspace where there is one, else in the user's home. What functions are called by may have
 * characters that files must not.
 */
export function resultFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
  return vscode.Uri.joinPath(folder, name.replaceAll(/[^\w.-]+/g, "-"));
}
