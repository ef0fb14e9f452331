import { startingValues } from "../../inputs/inputDocument.ts";
import { type FieldValues, fieldValues } from "../../inputs/inputField.ts";
import { inputText } from "../../inputs/inputText.ts";
import type { Services } from "../services.ts";
import type { FunctionSignature } from "./functionSignature.ts";
import type { FunctionNames, SavedValues } from "./savedInputs.ts";

/** What one call is given, as it can be kept and typed. */
export interface InputTexts {
  /** What `parseArguments` reads. */
  readonly inputText: string;
  /** The parameters of a method's class, as a dictionary; undefined where there are none. */
  readonly parametersText: string | undefined;
}

/** What a function was given last. */
export function remembered({ memory }: Services, names: FunctionNames): InputTexts {
  const parametersText = memory.get<string>(parametersKey(names));
  return { inputText: memory.get<string>(argumentsKey(names), ""), parametersText };
}

/** Keeps what a function is given for the next time, and gives it back. */
export async function remember({ memory }: Services, names: FunctionNames, texts: InputTexts): Promise<InputTexts> {
  await memory.update(argumentsKey(names), texts.inputText);
  if (texts.parametersText !== undefined) await memory.update(parametersKey(names), texts.parametersText);
  return texts;
}

function argumentsKey({ appName, functionName }: FunctionNames): string {
  return `arguments:${appName}/${functionName}`;
}

/** The methods of a class share what its parameters were. */
function parametersKey({ appName, functionName }: FunctionNames): string {
  return `parameters:${appName}/${functionName.split(".")[0]}`;
}

/** What was given last, by the names of the fields; something of its type for what is needed and was never given. */
export function rememberedValues(
  services: Services,
  names: FunctionNames,
  { fields = [], parameters }: FunctionSignature,
): SavedValues {
  const { inputText, parametersText = "" } = remembered(services, names);
  return {
    kwargs: startingValues(fields, fieldValues(fields, inputText)),
    parameters: startingValues(parameters, fieldValues(parameters, parametersText)),
  };
}

/** The text of arguments by name. */
export function dictionaryText(values: FieldValues): string {
  return Object.keys(values).length === 0 ? "" : inputText(values);
}
