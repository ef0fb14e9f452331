import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { textProperty } from "./argument.ts";

/** *Copy ID*: puts the id of a row of the tree on the clipboard. */
export async function copyId(argument: unknown): Promise<void> {
  const ids = ["functionCallId", "taskId", "functionId", "appId"].map((name) => textProperty(argument, name));
  const id = ids.find((candidate) => candidate !== undefined);
  if (!id) return;
  await vscode.env.clipboard.writeText(id);
  vscode.window.setStatusBarMessage(l10n.t`Copied ${id}.`, 3_000);
}
