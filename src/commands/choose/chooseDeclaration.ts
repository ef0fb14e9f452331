import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { namedFunction } from "../../client/index.ts";
import type { FunctionParameter } from "../../editor/functionParameters.ts";
import type { FunctionKind } from "../../editor/functionScan.ts";
import { InputError } from "../../inputs/inputError.ts";
import { placeOf, textProperty } from "../argument.ts";
import type { Services } from "../services.ts";
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
 * Which function of a file a command is for: the one that it was given, from an editor's menu the one with the cursor, otherwise the user
 * picks one of the file in front.
 *
 * @param argument a `Uri` from an editor's menu, `{ path, qualifiedName, functionName?, appName? }`, `{ appName, functionName, targetId?, environmentName? }` of a deployed
 *   function, or anything else
 * @param kind what is offered
 * @throws InputError no file with functions is in front
 */
export async function chooseDeclaration(
  services: Services,
  argument: unknown,
  kind: FunctionKind = "function",
): Promise<DeclaredFunction | undefined> {
  if (argument instanceof vscode.Uri) return declarationAtCursor(services, kind);
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

interface DeclarationRow extends vscode.QuickPickItem {
  readonly hasCursor: boolean;
  readonly choice: DeclaredFunction;
}

/** Where the cursor is in none, the user picks one. */
async function declarationAtCursor(services: Services, kind: FunctionKind): Promise<DeclaredFunction | undefined> {
  const row = (await declarationRows(services, kind)).find(({ hasCursor }) => hasCursor);
  return row ? row.choice : pickDeclaration(services, kind);
}

/** The one with the cursor is the first. */
async function pickDeclaration(services: Services, kind: FunctionKind): Promise<DeclaredFunction | undefined> {
  const rows = await declarationRows(services, kind);
  const { which, none } = wordsFor(kind);
  if (rows.length === 0) throw new InputError(none);
  rows.sort((one, other) => Number(other.hasCursor) - Number(one.hasCursor));
  const options = { placeHolder: which, matchOnDescription: true, ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(rows, options))?.choice;
}

/** Those of the file in front, from its top. */
async function declarationRows({ functions }: Services, kind: FunctionKind): Promise<DeclarationRow[]> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.scheme !== "file") return [];
  const { document, selection } = editor;
  const cursor = document.offsetAt(selection.active);
  const declarations = (await functions.of(document)).filter((declaration) => declaration.kind === kind);
  return declarations.map(({ appName = "", functionName, qualifiedName, parameters, classParameters, from, to }) => ({
    label: functionName,
    description: appName,
    iconPath: new vscode.ThemeIcon("symbol-function"),
    hasCursor: from <= cursor && cursor <= to,
    choice: { path: document.uri.fsPath, appName, functionName, qualifiedName, parameters, classParameters },
  }));
}
