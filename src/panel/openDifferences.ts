import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ComparedCall } from "../calls/compare/comparedCall.ts";
import type { Comparison } from "../calls/compare/comparison.ts";
import { textDocument } from "./openResult.ts";
import type { ResultDocuments } from "./resultDocuments.ts";

/**
 * Opens both results of an input in VS Code's own comparison of texts.
 *
 * @throws Error one of them is no text
 * @throws ModalError the server does not have one of them, or does not answer
 */
export async function openDifferences(
  { left, right }: Comparison,
  index: number,
  documents: ResultDocuments,
): Promise<void> {
  const [one, other] = await Promise.all([put(left, index, documents), put(right, index, documents)]);
  const title = l10n.t`Result ${index}: ${left.summary.functionName} ↔ ${right.summary.functionName}`;
  await vscode.commands.executeCommand("vscode.diff", one, other, title, { preview: true });
}

/** A call that has no result there has an empty document. */
async function put(call: ComparedCall, index: number, documents: ResultDocuments): Promise<vscode.Uri> {
  const isThere = call.rows.get(index) !== undefined;
  const document = isThere ? textDocument((await call.opened(index)).whole) : { language: "json", content: "" };
  if (!document) {
    throw new Error(l10n.t("Pictures, sounds and large bytes cannot be compared as text; compare them in the panel."));
  }
  const extension = document.language === "json" ? "json" : "txt";
  return documents.put(`${call.summary.functionCallId}/${index}.${extension}`, document.content);
}
