import { basename, dirname } from "node:path";
import * as l10n from "@vscode/l10n";
import { InputError } from "../../inputs/inputError.ts";

/** What is needed of VS Code's `TextDocument`. */
export interface EditedDocument {
  readonly isDirty: boolean;
  readonly languageId: string;
  readonly uri: { readonly scheme: string; readonly fsPath: string };
  /** False when it was not saved: the file is read-only, or has changed on disk. */
  save(): PromiseLike<boolean>;
}

/**
 * Saves a file and the other Python files of its project that are being edited, for it may import them.
 *
 * @param path the file that is about to be run
 * @param folder the project's
 * @returns the names of other files that could not be saved
 * @throws InputError the file itself could not be saved
 */
export async function saveProject(
  path: string,
  folder: string,
  documents: readonly EditedDocument[],
): Promise<string[]> {
  const unsaved = documents.filter(({ isDirty, uri }) => isDirty && uri.scheme === "file");
  const main = unsaved.find(({ uri }) => uri.fsPath === path);
  if (main && !(await isSaved(main))) {
    throw new InputError(l10n.t`${basename(path)} could not be saved; save it, or revert it, and run it again.`);
  }
  const failed: string[] = [];
  for (const document of unsaved) {
    const { languageId, uri } = document;
    if (document === main || languageId !== "python" || !isInside(folder, uri.fsPath)) continue;
    if (!(await isSaved(document))) failed.push(basename(uri.fsPath));
  }
  return failed;
}

async function isSaved(document: EditedDocument): Promise<boolean> {
  try {
    return await document.save();
  } catch {
    return false; // VS Code has told why.
  }
}

function isInside(folder: string, path: string): boolean {
  const parent = dirname(path);
  return parent === folder || (parent !== path && isInside(folder, parent));
}
