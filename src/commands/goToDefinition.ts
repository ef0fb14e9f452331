import * as vscode from "vscode";
import { namedFunction } from "../client/index.ts";
import { textProperty } from "./argument.ts";
import { chooseFunction } from "./chooseFunction.ts";
import { InputError } from "./json.ts";
import type { Services } from "./services.ts";

/**
 * *Go to Definition*: opens the source of a function where it stood when it was deployed.
 *
 * @param argument `{ functionId }`, `{ functionCallId }`, or what `chooseFunction` takes
 */
export async function goToDefinition(services: Services, argument: unknown): Promise<void> {
  const functionId = await functionIdOf(services, argument);
  if (!functionId) return;
  const engine = await services.target.engine();
  const { path, line } = await engine.functionSource(functionId);
  if (!path) throw new InputError("The engine does not know where this function was deployed from; deploy it again.");
  const place = new vscode.Position(Math.max(0, line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(path), { selection: new vscode.Range(place, place) });
}

async function functionIdOf(services: Services, argument: unknown): Promise<string | undefined> {
  const functionId = textProperty(argument, "functionId");
  if (functionId) return functionId;
  const modal = await services.target.modal();
  const functionCallId = textProperty(argument, "functionCallId");
  if (functionCallId) return (await modal.calls.fromId(functionCallId).hydrate()).functionId;
  const choice = await chooseFunction(services, argument);
  return choice && (await namedFunction(modal, choice.appName, choice.functionName).hydrate()).functionId;
}
