import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parseArguments } from "../../inputs/callArguments.ts";
import { parseMapInputs } from "../../inputs/mapInputs.ts";
import type { Services } from "../services.ts";
import { askByForm, parameterGroup } from "./argumentForm.ts";
import type { FunctionSignature } from "./functionSignature.ts";
import { askForm, problemOf } from "./inputForm.ts";
import { dictionaryText, type InputTexts, remember, remembered } from "./rememberedInputs.ts";
import type { FunctionNames } from "./savedInputs.ts";

/**
 * Asks for the arguments of one call: nothing for a function that takes none, one text for a function with one parameter, and a form
 * for more, and for a class with parameters. What was given last for the same function is there again.
 *
 * @param verb what happens then, e.g. `Run`
 * @param given what is there at first
 * @returns undefined when the user gives up
 */
export async function askArguments(
  services: Services,
  fn: FunctionNames,
  signature: FunctionSignature,
  verb: string,
  given: Partial<InputTexts> = {},
): Promise<InputTexts | undefined> {
  const { fields, parameters } = signature;
  const texts = { ...remembered(services, fn), ...given };
  if (parameters.length === 0 && fields?.length === 0) return { inputText: "", parametersText: undefined };
  if (parameters.length === 0 && (!fields || fields.length === 1)) {
    const inputText = await askText(services, fn, signature, texts.inputText);
    return inputText === undefined ? undefined : { inputText, parametersText: undefined };
  }
  if (!fields) return askBoth(services, fn, signature, texts);
  return askByForm(services, fn, { ...signature, fields }, verb, texts);
}

/**
 * Asks for the parameters of a method's class. Asks nothing where there are none.
 *
 * @returns their text, if any, or undefined when the user gives up
 */
export async function askParameters(
  services: Services,
  fn: FunctionNames,
  signature: FunctionSignature,
  given?: string,
): Promise<Pick<InputTexts, "parametersText"> | undefined> {
  if (signature.parameters.length === 0) return { parametersText: undefined };
  const { inputText, parametersText } = remembered(services, fn);
  const groups = parameterGroup(signature, { parametersText: given ?? parametersText });
  const title = l10n.t`Parameters of ${signature.className}`;
  const answer = await askForm({ title, groups, verb: l10n.t("Continue"), buttons: [] });
  return answer && remember(services, fn, { inputText, parametersText: dictionaryText(answer.values[0] ?? {}) });
}

/** Asks for the inputs of a map as text. */
export async function askMapInputs(
  { memory }: Services,
  fn: FunctionNames,
  { title }: FunctionSignature,
  given?: string,
): Promise<string | undefined> {
  const key = `inputs:${fn.appName}/${fn.functionName}`;
  const text = await vscode.window.showInputBox({
    title: l10n.t`Inputs of ${title}`,
    prompt: l10n.t(
      "A list with an item per input, or a range such as 0..99. A * in front spreads each item into arguments.",
    ),
    placeHolder: '["a", "b"], 0..99, range(100) or *[[1, 2], [3, 4]]',
    validateInput: (typed) => problemOf(() => parseMapInputs(typed)),
    value: given ?? memory.get<string>(key, ""),
    ignoreFocusOut: true,
  });
  if (text !== undefined) await memory.update(key, text);
  return text;
}

/** Of a class whose method the server does not describe: the parameters by a form, then the arguments as text. */
async function askBoth(
  services: Services,
  fn: FunctionNames,
  signature: FunctionSignature,
  texts: InputTexts,
): Promise<InputTexts | undefined> {
  const asked = await askParameters(services, fn, signature, texts.parametersText);
  const inputText = asked && (await askText(services, fn, signature, texts.inputText));
  return inputText === undefined || !asked ? undefined : { inputText, ...asked };
}

async function askText(
  services: Services,
  fn: FunctionNames,
  { title }: FunctionSignature,
  value: string,
): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title: l10n.t`Arguments of ${title}`,
    prompt: l10n.t("A list of arguments, or keyword arguments in braces, as JSON or as Python has it. Empty for none."),
    placeHolder: '[1, "two"] or {"name": "value"}',
    validateInput: (typed) => problemOf(() => parseArguments(typed)),
    value,
    ignoreFocusOut: true,
  });
  if (text !== undefined) await remember(services, fn, { inputText: text, parametersText: undefined });
  return text;
}
