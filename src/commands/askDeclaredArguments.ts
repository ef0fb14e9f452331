import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parametersText } from "../editor/functionParameters.ts";
import { type CallArguments, parseArguments } from "../inputs/callArguments.ts";
import { isRecord, textProperty } from "./argument.ts";
import type { DeclaredFunction } from "./chooseDeclaration.ts";
import type { Services } from "./services.ts";

/**
 * The arguments of a call that no server takes part in: those that the command was given, none for a function that takes none, or
 * what the user types. What was typed last for the function is there again, wherever it ran.
 *
 * @param argument `{ args, kwargs }`, `{ inputText }`, or anything else
 * @returns undefined when the user gives up
 */
export async function askDeclaredArguments(
  { memory }: Services,
  { appName, functionName, parameters }: DeclaredFunction,
  argument: unknown,
): Promise<CallArguments | undefined> {
  if (isRecord(argument) && (Array.isArray(argument.args) || isRecord(argument.kwargs))) {
    const args = Array.isArray(argument.args) ? argument.args : [];
    return { args, kwargs: isRecord(argument.kwargs) ? argument.kwargs : {} };
  }
  const given = textProperty(argument, "inputText");
  if (given !== undefined || parameters?.length === 0) return parseArguments(given ?? "");
  const key = `arguments:${appName}/${functionName}`;
  const text = await vscode.window.showInputBox({
    title: l10n.t`Arguments of ${parameters ? `${functionName}(${parametersText(parameters)})` : functionName}`,
    prompt: l10n.t("A list of arguments, or keyword arguments in braces, as JSON or as Python has it. Empty for none."),
    placeHolder: '[1, "two"] or {"name": "value"}',
    validateInput: problemOf,
    value: memory.get<string>(key, ""),
    ignoreFocusOut: true,
  });
  if (text === undefined) return undefined;
  await memory.update(key, text);
  return parseArguments(text);
}

function problemOf(text: string): string | undefined {
  try {
    parseArguments(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
