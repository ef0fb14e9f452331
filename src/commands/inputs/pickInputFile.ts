import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { isTable } from "../../inputs/fileItems.ts";
import type { InputField } from "../../inputs/inputField.ts";
import { type InputFile, inputFile } from "../../inputs/inputFile.ts";
import type { InputShape } from "../../inputs/inputShape.ts";

/**
 * Asks for a file with the inputs of a map, and how its items become arguments.
 *
 * @param fields of the function, where they are known
 * @returns undefined when the user gives up
 */
export async function pickInputFile(fields: readonly InputField[]): Promise<InputFile | undefined> {
  const filters = { Inputs: ["jsonl", "ndjson", "json", "csv", "tsv"], [l10n.t("All Files")]: ["*"] };
  const [file] = (await vscode.window.showOpenDialog({ filters, openLabel: l10n.t("Map") })) ?? [];
  if (!file) return undefined;
  const shape = await pickShape(file.fsPath, fields);
  return shape && inputFile(file.fsPath, shape);
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
