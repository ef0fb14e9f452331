import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { namedFunction } from "../client/index.ts";
import type { ServedFunction } from "../editor/namedFunction.ts";
import { InputError } from "../inputs/inputError.ts";
import { columnBesidePage } from "../panel/columnBesidePage.ts";
import { placeOf, textProperty } from "./argument.ts";
import { chooseFunction } from "./choose/chooseFunction.ts";
import { unknownDefinition } from "./choose/unknownDefinition.ts";
import type { Services } from "./services.ts";

/**
 * *Go to Definition*: opens the source of a function where it stood when it was deployed.
 *
 * @param argument `{ functionId }`, `{ functionCallId }`, or what `chooseFunction` takes
 */
export async function goToDefinition(services: Services, argument: unknown): Promise<void> {
  const place = await definitionOf(services, argument);
  if (place) await show(place);
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
    await show(place);
    return;
  }
  const { document, selection } = editor;
  await vscode.window.showTextDocument(document, editor.viewColumn); // The tree has the focus, and peeking needs an editor's.
  await vscode.commands.executeCommand("editor.action.peekLocations", document.uri, selection.active, [place], "peek");
}

async function show({ uri, range }: vscode.Location): Promise<void> {
  await vscode.window.showTextDocument(uri, { selection: range, viewColumn: columnBesidePage() });
}

/** A function as its server knows it; the names are empty where the server's id is all there is. */
interface FoundFunction extends ServedFunction {
  readonly functionId: string;
  readonly targetId: string;
}

/**
 * Undefined when the user picks no function.
 *
 * @throws InputError nobody knows where it is defined
 */
async function definitionOf(services: Services, argument: unknown): Promise<vscode.Location | undefined> {
  const found = await findFunction(services, argument);
  if (!found) return undefined;
  if (found.targetId !== services.targets.local.id) return definitionInEditor(services, found);
  const engine = await services.targets.local.engine();
  const [, methodName] = found.functionName.split(".");
  const { path, line } = await engine.functionSource(found.functionId, methodName);
  if (!path)
    throw new InputError(l10n.t("The engine does not know where this function was deployed from; deploy it again."));
  return new vscode.Location(vscode.Uri.file(path), new vscode.Position(Math.max(0, line - 1), 0));
}

/** Modal's servers keep no source: what is open may be it. */
async function definitionInEditor({ functions }: Services, found: FoundFunction): Promise<vscode.Location> {
  const open = await functions.find(found);
  if (!open) throw unknownDefinition(found);
  return new vscode.Location(open.document.uri, open.document.positionAt(open.declaration.from));
}

/** It says which method of a class is meant, too, where the names are known. */
async function findFunction(services: Services, argument: unknown): Promise<FoundFunction | undefined> {
  const given = textProperty(argument, "functionId");
  const place = placeOf(services, argument);
  const appName = textProperty(argument, "appName") ?? "";
  const functionName = textProperty(argument, "functionName") ?? "";
  if (given) return { functionId: given, appName, functionName, targetId: place.targetId };
  const functionCallId = textProperty(argument, "functionCallId");
  if (functionCallId) {
    const known = services.history.find(functionCallId) ?? { appName, functionName, ...place };
    const modal = await services.targets.modal(known);
    const { functionId } = await modal.calls.fromId(functionCallId).hydrate();
    return { functionId, appName: known.appName, functionName: known.functionName, targetId: known.targetId };
  }
  const choice = await chooseFunction(services, argument);
  if (!choice) return undefined;
  const modal = await services.targets.modal(choice);
  const fn = await namedFunction(modal, choice.appName, choice.functionName).hydrate();
  return { ...choice, functionId: fn.functionId };
}
