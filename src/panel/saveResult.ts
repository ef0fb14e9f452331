import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallWatch } from "../calls/callWatch.ts";
import { resultFile } from "./resultFile.ts";
import { writeFile } from "./writeFile.ts";

/** Writes one result into a file that the user names: bytes as they are, text as text, other values as JSON. */
export async function saveResult(watch: CallWatch, index: number): Promise<void> {
  const { bytes, extension } = await watch.raw(index);
  const uri = await vscode.window.showSaveDialog({
    title: l10n.t("Save Result"),
    defaultUri: resultFile(`${watch.summary.functionName}-${index}.${extension}`),
  });
  if (uri) await writeFile(uri, [bytes]);
}
