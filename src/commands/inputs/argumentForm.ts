import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { fieldValues, type InputField } from "../../inputs/inputField.ts";
import type { Services } from "../services.ts";
import type { FunctionSignature } from "./functionSignature.ts";
import { askForm, type FieldGroup } from "./inputForm.ts";
import { dictionaryText, type InputTexts, remember } from "./rememberedInputs.ts";
import { askName, type FunctionNames, readInputs, savedFile, savedNames, saveInputs } from "./savedInputs.ts";

/** Of a function whose parameters are known. */
interface DescribedSignature extends FunctionSignature {
  readonly fields: readonly InputField[];
}

/** Asks for arguments, and for the parameters of a class. Shows the form again after inputs were saved or fetched from a file. */
export async function askByForm(
  services: Services,
  fn: FunctionNames,
  signature: DescribedSignature,
  verb: string,
  texts: InputTexts,
): Promise<InputTexts | undefined> {
  const { title, fields } = signature;
  // What belongs to no app that is known by name has no folder to be saved in.
  const canSave = fn.appName !== "";
  const names = canSave ? await savedNames(services, fn) : [];
  const save = { iconPath: new vscode.ThemeIcon("save"), tooltip: l10n.t("Save Inputs As…") };
  const useSaved = { iconPath: new vscode.ThemeIcon("folder-opened"), tooltip: l10n.t("Use Saved Inputs…") };
  const edit = { iconPath: new vscode.ThemeIcon("json"), tooltip: l10n.t("Edit as JSON…") };
  const argumentGroup = { label: l10n.t("Arguments"), fields, values: fieldValues(fields, texts.inputText) };
  const answer = await askForm({
    title: l10n.t`Arguments of ${title}`,
    groups: [...parameterGroup(signature, texts), argumentGroup],
    verb,
    buttons: [...(names.length > 0 ? [useSaved] : []), ...(canSave ? [save, edit] : [])],
  });
  if (!answer) return undefined;
  const kwargs = answer.values.at(-1) ?? {};
  const parameters = answer.values.length > 1 ? answer.values[0] : undefined;
  const given = { inputText: dictionaryText(kwargs), parametersText: parameters && dictionaryText(parameters) };
  if (!answer.button) return remember(services, fn, given);
  if (answer.button === useSaved) {
    const saved = await pickSaved(services, fn, names, fields);
    return askByForm(services, fn, signature, verb, saved ?? given);
  }
  const name = await askName(names);
  if (name === undefined) return askByForm(services, fn, signature, verb, given);
  const file = await saveInputs(services, fn, signature, name, { kwargs, parameters: parameters ?? {} });
  if (answer.button === save) return askByForm(services, fn, signature, verb, given);
  await vscode.window.showTextDocument(file);
  return undefined;
}

async function pickSaved(
  services: Services,
  fn: FunctionNames,
  names: readonly string[],
  fields: readonly InputField[],
): Promise<InputTexts | undefined> {
  const name = await vscode.window.showQuickPick([...names], {
    placeHolder: l10n.t("Which inputs?"),
    ignoreFocusOut: true,
  });
  if (name === undefined) return undefined;
  const { args, kwargs, parameters } = await readInputs(savedFile(services, fn, name));
  const byName = Object.fromEntries(args.map((value, index) => [fields[index]?.name ?? "", value]));
  return { inputText: dictionaryText({ ...byName, ...kwargs }), parametersText: dictionaryText(parameters) };
}

/** The parameters of a method's class, if there are any. */
export function parameterGroup(
  { className, parameters }: FunctionSignature,
  { parametersText = "" }: Pick<InputTexts, "parametersText">,
): FieldGroup[] {
  if (parameters.length === 0) return [];
  const values = fieldValues(parameters, parametersText);
  return [{ label: l10n.t`Parameters of ${className}`, fields: parameters, values }];
}
