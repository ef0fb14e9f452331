import * as vscode from "vscode";
import { namedFunction } from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";
import { placeOf, textProperty } from "./argument.ts";
import { chooseFunction } from "./chooseFunction.ts";
import type { Services } from "./services.ts";

/**
 * *Go to Definition*: opens the source of a function where it stood when it was deployed.
 *
 * @param argument `{ functionId }`, `{ functionCallId }`, or what `chooseFunction` takes
 */
export async function goToDefinition(services: Services, argument: unknown): Promise<void> {
  const place = await definitionOf(services, argument);
  if (place) await vscode.window.showTextDocument(place.uri, { selection: place.range });
}

/**
 * *Peek Definition*: shows the source of a function within the editor in front; without one, as *Go to Definition* does.
 *
 * @param argument as for *Go to Definition*
 */
export async function peekDefinition(services: Services, argument: unknown): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const place = await definitionOf(services, argument);
  if (!place) return;
  if (!editor) {
    await vscode.window.showTextDocument(place.uri, { selection: place.range });
    return;
  }
  const { document, selection } = editor;
  await vscode.window.showTextDocument(document, editor.viewColumn); // The tree has the focus, and peeking needs an editor's.
  await vscode.commands.executeCommand("editor.action.peekLocations", document.uri, selection.active, [place], "peek");
}

/** Undefined when the user picks no function. */
async function definitionOf(services: Services, argument: unknown): Promise<vscode.Location | undefined> {
  const found = await findFunction(services, argument);
  if (!found) return undefined;
  const engine = await services.targets.local.engine();
  const [, methodName] = found.functionName.split(".");
  const { path, line } = await engine.functionSource(found.functionId, methodName);
  if (!path) throw new InputError("The engine does not know where this function was deployed from; deploy it again.");
  const place = new vscode.Position(Math.max(0, line - 1), 0);
  return new vscode.Location(vscode.Uri.file(path), place);
}

/** The function's id, and its name where that is known: it says which method of a class is meant. */
async function findFunction(services: Services, argument: unknown) {
  const functionId = textProperty(argument, "functionId");
  const functionName = textProperty(argument, "functionName") ?? "";
  if (functionId) return { functionId, functionName };
  const modal = await services.targets.modal(placeOf(services, argument));
  const functionCallId = textProperty(argument, "functionCallId");
  if (functionCallId) {
    const call = await modal.calls.fromId(functionCallId).hydrate();
    return { functionId: call.functionId, functionName };
  }
  const choice = await chooseFunction(services, argument);
  if (!choice) return undefined;
  const fn = await namedFunction(modal, choice.appName, choice.functionName).hydrate();
  return { functionId: fn.functionId, functionName: choice.functionName };
}
