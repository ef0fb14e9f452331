import type { CallRecord } from "../../calls/callRecord.ts";
import type { CallArguments } from "../../inputs/callArguments.ts";
import { type InputFile, inputFile } from "../../inputs/inputFile.ts";
import { isInputShape } from "../../inputs/inputShape.ts";
import { isRecord, textProperty } from "../argument.ts";

/** What a command is given to make a call like another one. */
export type KeptInputs = Pick<CallRecord, "inputText" | "parametersText" | "inputFile" | "inputIndexes">;

/** The texts of a command's argument. An empty one counts: it stands for no arguments. */
export function givenTexts(argument: unknown): { readonly inputText?: string; readonly parametersText?: string } {
  if (!isRecord(argument)) return {};
  const { inputText, parametersText } = argument;
  return {
    ...(typeof inputText === "string" && { inputText }),
    ...(typeof parametersText === "string" && { parametersText }),
  };
}

/** The values of a command's argument: `args`, `kwargs` or both. */
export function givenArguments(argument: unknown): CallArguments | undefined {
  if (!isRecord(argument) || !(Array.isArray(argument.args) || isRecord(argument.kwargs))) return undefined;
  const args = Array.isArray(argument.args) ? argument.args : [];
  return { args, kwargs: isRecord(argument.kwargs) ? argument.kwargs : {} };
}

/** The parameters of a method's class, by name. */
export function givenParameters(argument: unknown): Readonly<Record<string, unknown>> {
  return isRecord(argument) && isRecord(argument.parameters) ? argument.parameters : {};
}

/** Whether the user is to see and change what the command was given. */
export function isEdited(argument: unknown): boolean {
  return isRecord(argument) && argument.edit === true;
}

/**
 * The file of a command's argument: `file`, with `shape` or `star`.
 *
 * @throws InputError there is no such file
 */
export async function givenFile(argument: unknown): Promise<InputFile | undefined> {
  const path = textProperty(argument, "file");
  if (!path || !isRecord(argument)) return undefined;
  return inputFile(path, isInputShape(argument.shape) ? argument.shape : argument.star === true ? "list" : "value");
}

/** Which inputs of all, when not all. */
export function givenIndexes(argument: unknown): readonly number[] | undefined {
  const indexes = isRecord(argument) ? argument.indexes : undefined;
  return Array.isArray(indexes) ? indexes.filter((index) => Number.isInteger(index)) : undefined;
}
