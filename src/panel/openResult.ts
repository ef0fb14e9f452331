import * as vscode from "vscode";
import type { CallWatch } from "../calls/callWatch.ts";

const SHOWN_BYTES = 4_096;

/**
 * Opens a result's value in an editor: text and JSON as an untitled document, an image in VS Code's own viewer.
 *
 * @param folder where images are put, as the viewer needs a file
 */
export async function openResult(watch: CallWatch, index: number, folder: vscode.Uri): Promise<void> {
  const value = await watch.value(index);
  if (value.kind === "image") {
    const name = `${watch.summary.functionCallId}-${index}.${value.mediaType.replace(/^image\/(\w+).*$/, "$1")}`;
    const file = vscode.Uri.joinPath(folder, "results", name);
    await vscode.workspace.fs.writeFile(file, value.bytes);
    await vscode.commands.executeCommand("vscode.open", file, vscode.ViewColumn.Active);
    return;
  }
  const document = await vscode.workspace.openTextDocument(documentOf(value));
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Puts a result into the clipboard as the text that the panel shows. */
export async function copyResult(watch: CallWatch, index: number): Promise<void> {
  const value = await watch.value(index);
  await vscode.env.clipboard.writeText(
    value.kind === "image" ? Buffer.from(value.bytes).toString("utf8") : documentOf(value).content,
  );
}

function documentOf(value: Exclude<Awaited<ReturnType<CallWatch["value"]>>, { kind: "image" }>) {
  switch (value.kind) {
    case "json":
      return { language: "json", content: value.text };
    case "text":
      return { language: "plaintext", content: value.text };
    case "error":
      return { language: "plaintext", content: value.traceback || value.message };
    case "opaque":
      return { language: "plaintext", content: value.label };
    case "audio":
    case "bytes": {
      const beginning = Buffer.from(value.bytes.subarray(0, SHOWN_BYTES));
      return { language: "plaintext", content: beginning.toString("hex").replace(/(..)/g, "$1 ") };
    }
  }
}
