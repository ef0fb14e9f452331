import * as vscode from "vscode";
import { namedFunction } from "../client/index.ts";
import type { FunctionParameter } from "../editor/functionParameters.ts";
import type { FunctionKind } from "../editor/functionScan.ts";
import { InputError } from "../inputs/inputError.ts";
import { placeOf, textProperty } from "./argument.ts";
import type { Services } from "./services.ts";

/** A function by its place in a file, for what needs no server. */
export interface DeclaredFunction {
  readonly path: string;
  /** Empty when the file does not say it literally. */
  readonly appName: string;
  readonly functionName: string;
  /** As Python names it. */
  readonly qualifiedName: string;
  /** Undefined when the file does not show them, as of an inherited method. */
  readonly parameters: readonly FunctionParameter[] | undefined;
}

const WORDS: Readonly<Record<FunctionKind, readonly [what: string, which: string]>> = {
  function: ["Modal functions", "Which function?"],
  webEndpoint: ["web endpoints", "Which web endpoint?"],
  localEntrypoint: ["local entrypoints", "Which local entrypoint?"],
};

/**
 * Which function of a file a command is for: the one that it was given, otherwise the user picks one of the file in front.
 *
 * @param argument `{ path, qualifiedName, functionName?, appName? }`, `{ appName, functionName, targetId?, environmentName? }` of a deployed
 *   function, or anything else
 * @param kind what is offered
 * @throws InputError no file with functions is in front
 */
export async function chooseDeclaration(
  services: Services,
  argument: unknown,
  kind: FunctionKind = "function",
): Promise<DeclaredFunction | undefined> {
  const path = textProperty(argument, "path");
  const qualifiedName = textProperty(argument, "qualifiedName") ?? textProperty(argument, "functionName");
  const appName = textProperty(argument, "appName") ?? "";
  if (path && qualifiedName) {
    const functionName = textProperty(argument, "functionName") ?? qualifiedName;
    return withParameters(services, { path, appName, functionName, qualifiedName });
  }
  const functionName = textProperty(argument, "functionName");
  return appName && functionName ? deployedFunction(services, argument) : pickDeclaration(services, kind);
}

async function deployedFunction(services: Services, argument: unknown): Promise<DeclaredFunction> {
  const appName = textProperty(argument, "appName") ?? "";
  const functionName = textProperty(argument, "functionName") ?? "";
  const modal = await services.targets.modal(placeOf(services, argument));
  const { path, qualname: qualifiedName } = await namedFunction(modal, appName, functionName).getRawF();
  return withParameters(services, { path, appName, functionName, qualifiedName });
}

async function withParameters(
  { functions }: Services,
  fn: Omit<DeclaredFunction, "parameters">,
): Promise<DeclaredFunction> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(fn.path));
  const declaration = (await functions.of(document)).find(({ qualifiedName }) => qualifiedName === fn.qualifiedName);
  return { ...fn, parameters: declaration?.parameters };
}

async function pickDeclaration({ functions }: Services, kind: FunctionKind): Promise<DeclaredFunction | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  const declarations = document?.uri.scheme === "file" ? await functions.of(document) : [];
  const items = declarations
    .filter((declaration) => declaration.kind === kind)
    .map(({ appName = "", functionName, qualifiedName, parameters }) => ({
      label: functionName,
      description: appName,
      iconPath: new vscode.ThemeIcon("symbol-function"),
      choice: { path: document?.uri.fsPath ?? "", appName, functionName, qualifiedName, parameters },
    }));
  const [what, which] = WORDS[kind];
  if (items.length === 0) throw new InputError(`The editor in front has no ${what}; open a Python file with some.`);
  const options = { placeHolder: which, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.choice;
}
