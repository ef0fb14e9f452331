import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { documentArguments } from "../inputs/inputDocument.ts";
import { InputError } from "../inputs/inputError.ts";
import { chooseFunction } from "./choose/chooseFunction.ts";
import { rememberedValues } from "./inputs/rememberedInputs.ts";
import { askName, functionOf, readInputs, savedFile, savedNames, saveInputs } from "./inputs/savedInputs.ts";
import { signatureOf } from "./inputs/servedSignature.ts";
import type { Services } from "./services.ts";

/**
 * *Edit Inputs as JSON*: opens inputs of a function that are kept in the workspace, or new ones with what was given last. The editor
 * checks them by the function's types.
 *
 * @param argument what `chooseFunction` takes
 */
export async function editInputs(services: Services, argument: unknown): Promise<void> {
  const choice = await chooseFunction(services, argument);
  if (!choice) return;
  const names = await savedNames(services, choice);
  const other = { label: l10n.t("$(add) New Inputs…"), isNew: true };
  const items = [...names.map((label) => ({ label, isNew: false })), other];
  const placeHolder = l10n.t`Inputs of ${choice.functionName}`;
  const item =
    names.length === 0 ? other : await vscode.window.showQuickPick(items, { placeHolder, ignoreFocusOut: true });
  if (!item) return;
  const name = item.isNew ? await askName(names) : item.label;
  if (name === undefined) return;
  const signature = item.isNew ? await signatureOf(services, choice) : undefined;
  const file = signature
    ? await saveInputs(services, choice, signature, name, rememberedValues(services, choice, signature))
    : savedFile(services, choice, name);
  await vscode.window.showTextDocument(file);
}

/**
 * *Run with These Inputs*: calls the function whose inputs a file has, on the current target: once, or once per input.
 *
 * @param argument the file's `Uri`; otherwise the editor in front
 * @returns the function call's id
 * @throws InputError the file has no inputs
 */
export async function runInputs(services: Services, argument: unknown): Promise<unknown> {
  const file = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
  const names = file && functionOf(file);
  if (!file || !names)
    throw new InputError(l10n.t("Open a file of .spawnpoint/inputs, which Edit Inputs as JSON makes."));
  const inputs = await readInputs(file);
  const command = inputs.inputs ? "spawnpoint.map" : "spawnpoint.run";
  return vscode.commands.executeCommand(command, {
    ...services.targets.current,
    ...names,
    ...documentArguments(inputs),
  });
}
