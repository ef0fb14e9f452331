import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type InputDocument, inputDocumentText, inputSchema, parseInputDocument } from "../../inputs/inputDocument.ts";
import { InputError } from "../../inputs/inputError.ts";
import type { FieldValues } from "../../inputs/inputField.ts";
import type { FunctionChoice } from "../choose/chooseFunction.ts";
import type { Services } from "../services.ts";
import type { FunctionSignature } from "./functionSignature.ts";

const FOLDER = [".spawnpoint", "inputs"];
const SCHEMA_NAME = ".schema.json";

/** The values of one call, by the names of its fields. */
export interface SavedValues {
  readonly kwargs: FieldValues;
  /** Of the class of a method. */
  readonly parameters: FieldValues;
}

/** A function by its names, which are those of folders here. The app's is empty where a file does not say it. */
export type FunctionNames = Pick<FunctionChoice, "appName" | "functionName">;

/** The names under which inputs of a function are kept in the workspace, `.spawnpoint/inputs/<app>/<function>/<name>.json`. */
export async function savedNames(services: Services, names: FunctionNames): Promise<string[]> {
  const folder = folderOf(services, names);
  const exists = await vscode.workspace.fs.stat(folder).then(
    () => true,
    () => false,
  );
  const files = exists ? await vscode.workspace.fs.readDirectory(folder) : [];
  return files
    .map(([name]) => name)
    .filter((name) => name.endsWith(".json") && name !== SCHEMA_NAME)
    .map((name) => name.slice(0, -".json".length));
}

/**
 * Keeps inputs under a name, with the schema of the function beside them.
 *
 * @throws InputError the values are no JSON
 */
export async function saveInputs(
  services: Services,
  names: FunctionNames,
  { title, fields, parameters }: FunctionSignature,
  name: string,
  values: SavedValues,
): Promise<vscode.Uri> {
  const text = documentText(values.kwargs, values.parameters);
  const schema = `${JSON.stringify(inputSchema(title, fields, parameters), null, 2)}\n`;
  const file = savedFile(services, names, name);
  await vscode.workspace.fs.writeFile(vscode.Uri.joinPath(file, "..", SCHEMA_NAME), new TextEncoder().encode(schema));
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text));
  return file;
}

/** The file of a name. */
export function savedFile(services: Services, names: FunctionNames, name: string): vscode.Uri {
  return vscode.Uri.joinPath(folderOf(services, names), `${encodeURIComponent(name)}.json`);
}

/**
 * What a file says, or the editor in which it is being changed.
 *
 * @throws InputError the file has no inputs
 */
export async function readInputs(file: vscode.Uri): Promise<InputDocument> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  const text = open?.isDirty ? open.getText() : new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  try {
    return parseInputDocument(text);
  } catch (error) {
    const name = file.path.split("/").at(-1);
    throw new InputError(`${name}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

/** The function whose inputs a file has, by the names of its folders. */
export function functionOf({ path }: vscode.Uri): FunctionNames | undefined {
  const [name, functionName, appName, ...folders] = path.split("/").reverse();
  const isSaved = FOLDER.every((folder, index) => folders[FOLDER.length - 1 - index] === folder);
  if (!isSaved || !name?.endsWith(".json") || !functionName || !appName) return undefined;
  return { appName: decodeURIComponent(appName), functionName: decodeURIComponent(functionName) };
}

/** Asks for a name to keep inputs under. */
export function askName(taken: readonly string[]): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: l10n.t("Save Inputs As"),
    prompt: l10n.t("A name for these inputs; they become a file in .spawnpoint/inputs of this workspace."),
    value: taken.includes("inputs") ? "" : "inputs",
    ignoreFocusOut: true,
    validateInput: (name) => {
      if (!/^[\w-][\w .-]*$/.test(name)) return l10n.t("Give a name of letters, digits, spaces, dots, _ and -.");
      return taken.includes(name) ? { message: l10n.t`${name} is replaced.`, severity: WARNING } : undefined;
    },
  });
}

const WARNING = vscode.InputBoxValidationSeverity.Warning;

function documentText(kwargs: FieldValues, parameters: FieldValues): string {
  try {
    return inputDocumentText(kwargs, parameters, SCHEMA_NAME);
  } catch (error) {
    throw new InputError(l10n.t("Bytes and sets cannot be kept as JSON; leave them out."), { cause: error });
  }
}

/** In the first folder of the workspace; without any, in the extension's own. */
function folderOf({ storageUri }: Services, { appName, functionName }: FunctionNames): vscode.Uri {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri ?? storageUri;
  return vscode.Uri.joinPath(root, ...FOLDER, encodeURIComponent(appName), encodeURIComponent(functionName));
}
