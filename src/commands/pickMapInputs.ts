import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isTable } from "../inputs/fileItems.ts";
import type { InputField } from "../inputs/inputField.ts";
import { type InputFile, inputFile } from "../inputs/inputFile.ts";
import type { InputShape } from "../inputs/inputShape.ts";
import { linesAsText } from "../inputs/mapInputs.ts";
import { askMapInputs } from "./askInput.ts";
import type { FunctionChoice } from "./chooseFunction.ts";
import type { FunctionSignature } from "./functionSignature.ts";
import type { Services } from "./services.ts";

/** Where the inputs of a map come from: a text that `parseMapInputs` reads, or a file. */
export type MapSource = { readonly text: string } | { readonly file: InputFile };

/**
 * Asks where the inputs of a map come from: typed, a file, or the lines that are selected in the editor in front.
 *
 * @returns undefined when the user gives up
 */
export async function pickMapInputs(
  services: Services,
  choice: FunctionChoice,
  signature: FunctionSignature,
): Promise<MapSource | undefined> {
  const lines = selectedLines();
  const typed = { label: l10n.t("$(edit) Type inputs"), description: l10n.t("a list, or a range such as 0..9999") };
  const file = { label: l10n.t("$(file) From a file…"), description: l10n.t("JSON, JSON Lines, CSV or TSV") };
  const selection = {
    label: l10n.t("$(selection) From the selected lines"),
    description: l10n.t("one input per line"),
  };
  const source = await vscode.window.showQuickPick(lines ? [typed, file, selection] : [typed, file], {
    placeHolder: l10n.t`Inputs for ${choice.functionName}`,
    // A call panel that had the focus gets it back when the pick before this one closes, and then takes it from this one.
    ignoreFocusOut: true,
  });
  if (source === typed) {
    const text = await askMapInputs(services, choice, signature);
    return text === undefined ? undefined : { text };
  }
  if (source === selection && lines) return { text: linesAsText(lines) };
  return source === file ? pickFile(signature.fields ?? []) : undefined;
}

/** The selected text of the editor in front, with the whole of its lines. */
function selectedLines(): string | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return undefined;
  const { start, end } = editor.selection;
  const lastLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const text = editor.document.getText(new vscode.Range(start.line, 0, lastLine, Number.MAX_SAFE_INTEGER));
  return text.trim() === "" ? undefined : text;
}

async function pickFile(fields: readonly InputField[]): Promise<MapSource | undefined> {
  const filters = { Inputs: ["jsonl", "ndjson", "json", "csv", "tsv"], [l10n.t("All Files")]: ["*"] };
  const [file] = (await vscode.window.showOpenDialog({ filters, openLabel: l10n.t("Map") })) ?? [];
  if (!file) return undefined;
  const shape = await pickShape(file.fsPath, fields);
  return shape && { file: await inputFile(file.fsPath, shape) };
}

async function pickShape(path: string, fields: readonly InputField[]): Promise<InputShape | undefined> {
  const items: ({ shape: InputShape } & vscode.QuickPickItem)[] = isTable(path)
    ? [
        { label: l10n.t("Columns are arguments by their names"), shape: "names" },
        { label: l10n.t("Columns are arguments in their order"), shape: "list" },
        { label: l10n.t("Each row is one dictionary"), shape: "value" },
      ]
    : [
        { label: l10n.t("Each item is one argument"), shape: "value" },
        { label: l10n.t("Each item is a list of arguments"), shape: "list" },
        { label: l10n.t("Each item is a dictionary of arguments by their names"), shape: "names" },
      ];
  const possible = items.filter(({ shape }) => shape !== "names" || fields.length > 0);
  return (await vscode.window.showQuickPick(possible, { placeHolder: basename(path), ignoreFocusOut: true }))?.shape;
}
