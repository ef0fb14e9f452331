import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { namedFunction } from "../client/index.ts";
import type { FunctionParameter } from "../editor/functionParameters.ts";
import type { FunctionDeclaration, FunctionKind } from "../editor/functionScan.ts";
import { InputError } from "../inputs/inputError.ts";
import { placeOf, textProperty } from "./argument.ts";
import type { Services } from "./services.ts";
import { unknownDefinition } from "./unknownDefinition.ts";

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
  /** Of a method: what an instance of its class is made with. */
  readonly classParameters: readonly FunctionParameter[];
}

interface Words {
  readonly which: string;
  readonly none: string;
}

function wordsFor(kind: FunctionKind): Words {
  switch (kind) {
    case "function":
      return {
        which: l10n.t("Which function?"),
        none: l10n.t("The editor in front has no Modal functions; open a Python file with some."),
      };
    case "webEndpoint":
      return {
        which: l10n.t("Which web endpoint?"),
        none: l10n.t("The editor in front has no web endpoints; open a Python file with some."),
      };
    case "localEntrypoint":
      return {
        which: l10n.t("Which local entrypoint?"),
        none: l10n.t("The editor in front has no local entrypoints; open a Python file with some."),
      };
  }
}

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

/** The engine knows where a function was deployed from; of an account's function, what is open may be it. */
async function deployedFunction(services: Services, argument: unknown): Promise<DeclaredFunction> {
  const appName = textProperty(argument, "appName") ?? "";
  const functionName = textProperty(argument, "functionName") ?? "";
  const place = placeOf(services, argument);
  if (place.targetId === services.targets.local.id) {
    const modal = await services.targets.modal(place);
    const { path, qualname: qualifiedName } = await namedFunction(modal, appName, functionName).getRawF();
    return withParameters(services, { path, appName, functionName, qualifiedName });
  }
  const open = await services.functions.find({ appName, functionName });
  if (!open) throw unknownDefinition({ appName, functionName });
  const { qualifiedName, parameters, classParameters } = open.declaration;
  return { path: open.document.uri.fsPath, appName, functionName, qualifiedName, parameters, classParameters };
}

async function withParameters(
  { functions }: Services,
  fn: Omit<DeclaredFunction, "parameters" | "classParameters">,
): Promise<DeclaredFunction> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(fn.path));
  const declaration = (await functions.of(document)).find(({ qualifiedName }) => qualifiedName === fn.qualifiedName);
  return { ...fn, parameters: declaration?.parameters, classParameters: declaration?.classParameters ?? [] };
}

/** The one with the cursor is the first. */
async function pickDeclaration({ functions }: Services, kind: FunctionKind): Promise<DeclaredFunction | undefined> {
  const editor = vscode.window.activeTextEditor;
  const document = editor?.document.uri.scheme === "file" ? editor.document : undefined;
  const declarations = document ? await functions.of(document) : [];
  const cursor = (editor && document?.offsetAt(editor.selection.active)) ?? 0;
  const hasCursor = ({ from, to }: FunctionDeclaration) => Number(from <= cursor && cursor <= to);
  const items = declarations
    .filter((declaration) => declaration.kind === kind)
    .sort((one, other) => hasCursor(other) - hasCursor(one))
    .map(({ appName = "", functionName, qualifiedName, parameters, classParameters }) => ({
      label: functionName,
      description: appName,
      iconPath: new vscode.ThemeIcon("symbol-function"),
      choice: {
        path: document?.uri.fsPath ?? "",
        appName,
        functionName,
        qualifiedName,
        parameters,
        classParameters,
      },
    }));
  const { which, none } = wordsFor(kind);
  if (items.length === 0) throw new InputError(none);
  const options = { placeHolder: which, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.choice;
}
