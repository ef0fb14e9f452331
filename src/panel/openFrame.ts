import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { columnBesidePage } from "./columnBesidePage.ts";

/** So many of a path's last names are looked for in the workspace. */
const MAX_NAMES = 4;

/**
 * Opens a line that a traceback names. Containers run copies, so that the file is looked for in the workspace first, by the end of its path.
 *
 * @param line from 1
 * @throws Error nobody knows the file
 */
export async function openFrame(path: string, line: number): Promise<void> {
  const uri = await findFile(path);
  if (!uri)
    throw new Error(
      l10n.t`The file ${path} of the traceback is not on this computer; look for it where the function was deployed from.`,
    );
  const place = new vscode.Position(Math.max(0, line - 1), 0);
  const selection = new vscode.Range(place, place);
  await vscode.window.showTextDocument(uri, { selection, viewColumn: columnBesidePage() });
}

async function findFile(path: string): Promise<vscode.Uri | undefined> {
  // A traceback is data: it must not make this computer ask another one for a file, as a network path would.
  if (!path.endsWith(".py") || /^[\\/]{2}/.test(path)) return undefined;
  const uri = vscode.Uri.file(path);
  if (vscode.workspace.getWorkspaceFolder(uri) && (await isFile(uri))) return uri;
  return (await findInWorkspace(path)) ?? ((await isFile(uri)) ? uri : undefined);
}

/** The file of the workspace whose path ends as this one does, as far as any does. */
async function findInWorkspace(path: string): Promise<vscode.Uri | undefined> {
  const names = path.split(/[\\/]/).slice(-MAX_NAMES);
  if (names.some((name) => /[*?{}[\]]/.test(name))) return undefined;
  for (let first = 0; first < names.length; first++) {
    const [found] = await vscode.workspace.findFiles(`**/${names.slice(first).join("/")}`, undefined, 1);
    if (found) return found;
  }
  return undefined;
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type === vscode.FileType.File;
  } catch {
    return false; // It is not there.
  }
}
