import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallWatch } from "../calls/callWatch.ts";
import type { ResultValue } from "../calls/model.ts";

/** VS Code hands no larger document to extensions; as a file it opens any. */
const MAX_DOCUMENT_CHARACTERS = 10_000_000;
/** More hexadecimal digits than this are no use in a clipboard or an editor. */
const MAX_HEX_BYTES = 1024 * 1024;

/**
 * Opens a result's value in an editor: text and JSON as an untitled document; pictures, sounds and what is very long as a file, for
 * which VS Code has viewers.
 *
 * @param folder where such files are put
 */
export async function openResult(watch: CallWatch, index: number, folder: vscode.Uri): Promise<void> {
  const value = await watch.value(index);
  const document = textDocument(value);
  if (!document || document.content.length > MAX_DOCUMENT_CHARACTERS) {
    const { bytes, extension } = await watch.raw(index);
    const file = vscode.Uri.joinPath(folder, "results", `${watch.summary.functionCallId}-${index}.${extension}`);
    await vscode.workspace.fs.writeFile(file, bytes);
    await vscode.commands.executeCommand("vscode.open", file, vscode.ViewColumn.Active);
    return;
  }
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(document), { preview: true });
}

/**
 * Puts a result into the clipboard as the text that the panel shows.
 *
 * @throws Error it is no text
 */
export async function copyResult(watch: CallWatch, index: number): Promise<void> {
  const value = await watch.value(index);
  const text = value.kind === "image" && value.mediaType === "image/svg+xml" ? utf8(value.bytes) : textOf(value);
  if (text === undefined) {
    throw new Error(l10n.t("Pictures, sounds and large bytes cannot be copied as text; save the result as a file."));
  }
  await vscode.env.clipboard.writeText(text);
}

/** A result as a text document. Undefined: it is better as a file. */
export function textDocument(value: ResultValue): { readonly language: string; readonly content: string } | undefined {
  const content = textOf(value);
  return content === undefined ? undefined : { language: value.kind === "json" ? "json" : "plaintext", content };
}

/** Undefined: it is better as a file. */
function textOf(value: ResultValue): string | undefined {
  switch (value.kind) {
    case "json":
    case "text":
      return value.text;
    case "error":
      return value.traceback || value.message;
    case "opaque":
      return value.label;
    case "bytes":
      return value.bytes.byteLength > MAX_HEX_BYTES ? undefined : hex(value.bytes);
    case "image":
    case "audio":
      return undefined;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").replace(/(..)/g, "$1 ").trimEnd();
}

function utf8(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("utf8");
}
