import { basename } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { textPreview } from "../../calls/results/textPreview.ts";
import type { InputDocument } from "../../inputs/inputDocument.ts";
import type { FieldValues } from "../../inputs/inputField.ts";
import { type InputFile, inputFile } from "../../inputs/inputFile.ts";
import { inputText } from "../../inputs/inputText.ts";
import { linesAsText } from "../../inputs/mapInputs.ts";
import type { FunctionChoice } from "../choose/chooseFunction.ts";
import type { Services } from "../services.ts";
import { askMapInputs } from "./askInput.ts";
import type { FunctionSignature } from "./functionSignature.ts";
import { pickInputFile } from "./pickInputFile.ts";
import { readInputs, savedFile, savedNames } from "./savedInputs.ts";

/** Where the inputs of a map come from: a text that `parseMapInputs` reads, or a file. */
export type MapSource = ({ readonly text: string } | { readonly file: InputFile }) & {
  /** Of the class of a method, where they are kept with the inputs. */
  readonly parametersText?: string | undefined;
  /** Of every input. */
  readonly kwargs?: FieldValues;
};

interface SourceRow extends vscode.QuickPickItem {
  readonly source: () => MapSource | undefined | Promise<MapSource | undefined>;
}

/**
 * Asks where the inputs of a map come from: the last map, what is typed, a file, the lines that are selected in the editor in front, or
 * inputs that were saved in the workspace.
 *
 * @returns undefined when the user gives up
 */
export async function pickMapInputs(
  services: Services,
  choice: FunctionChoice,
  signature: FunctionSignature,
): Promise<MapSource | undefined> {
  const rows = [
    {
      label: l10n.t("$(edit) Type inputs"),
      description: l10n.t("a list, or a range such as 0..9999"),
      source: async () => {
        const text = await askMapInputs(services, choice, signature);
        return text === undefined ? undefined : { text };
      },
    },
    {
      label: l10n.t("$(file) From a file…"),
      description: l10n.t("JSON, JSON Lines, CSV or TSV"),
      source: async () => {
        const file = await pickInputFile(signature.fields ?? []);
        return file && { file };
      },
    },
    ...selectionRow(),
    ...lastRow(services, choice),
    ...(await savedRows(services, choice)),
  ];
  const row = await vscode.window.showQuickPick(rows, {
    placeHolder: l10n.t`Inputs for ${choice.functionName}`,
    // A call panel that had the focus gets it back when the pick before this one closes, and then takes it from this one.
    ignoreFocusOut: true,
  });
  return row && "source" in row ? row.source() : undefined;
}

/** The selected text of the editor in front, with the whole of its lines. */
function selectionRow(): SourceRow[] {
  const editor = vscode.window.activeTextEditor;
  if (!editor || editor.selection.isEmpty) return [];
  const { start, end } = editor.selection;
  const lastLine = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
  const text = editor.document.getText(new vscode.Range(start.line, 0, lastLine, Number.MAX_SAFE_INTEGER));
  if (text.trim() === "") return [];
  const source = () => ({ text: linesAsText(text) });
  return [{ label: l10n.t("$(selection) From the selected lines"), description: l10n.t("one input per line"), source }];
}

/** What the newest map of the function was given, where that is known. */
function lastRow({ history }: Services, { appName, functionName }: FunctionChoice): SourceRow[] {
  const last = history.records.find((record) => {
    const { kind, inputIndexes } = record;
    const isWhole = (record.inputText !== undefined || record.inputFile) && !inputIndexes;
    return kind === "map" && isWhole && record.appName === appName && record.functionName === functionName;
  });
  if (!last) return [];
  const { inputText: text = "", inputFile: file, parametersText } = last;
  const description = file ? basename(file.path) : textPreview(text);
  const source = async () => {
    return { ...(file ? { file: await inputFile(file.path, file.shape) } : { text }), parametersText };
  };
  return [{ label: l10n.t("$(history) Last inputs"), description, source }];
}

/** Those of the saved inputs that are for a map. One that cannot be read says so when it is picked. */
async function savedRows(services: Services, choice: FunctionChoice) {
  const rows = (await savedNames(services, choice)).map(async (name): Promise<SourceRow[]> => {
    const read = () => readInputs(savedFile(services, choice, name));
    const found = await read().catch(() => undefined);
    if (found && !found.inputs) return [];
    const count = found?.inputs?.length;
    const description = count === undefined ? "" : count === 1 ? l10n.t("1 input") : l10n.t`${count} inputs`;
    return [{ label: `$(json) ${name}`, description, source: async () => savedSource(await read()) }];
  });
  const saved = (await Promise.all(rows)).flat();
  return saved.length === 0
    ? []
    : [{ label: l10n.t("Saved inputs"), kind: vscode.QuickPickItemKind.Separator }, ...saved];
}

function savedSource({ inputs = [], star, kwargs, parameters }: InputDocument): MapSource {
  const parametersText = Object.keys(parameters).length > 0 ? inputText(parameters) : undefined;
  return { text: `${star ? "*" : ""}${inputText(inputs)}`, parametersText, kwargs };
}
