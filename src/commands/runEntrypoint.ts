import { dirname, join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parametersText } from "../editor/functionParameters.ts";
import { checkModalPackage, type ModalCommand, runCommand } from "../targets/modalCommand.ts";
import { TokenAccounts } from "../targets/tokenAccounts.ts";
import { isRecord } from "./argument.ts";
import { chooseDeclaration, type DeclaredFunction } from "./chooseDeclaration.ts";
import { pythonFor } from "./pythonInterpreter.ts";
import { runTask } from "./runTask.ts";
import { saveFiles } from "./saveFiles.ts";
import type { Services } from "./services.ts";
import { wordsOf } from "./words.ts";

/**
 * *Run Local Entrypoint*: runs a local entrypoint of a file as a task, in its app on the current target: locally by our own command
 * line, on an account by Modal's.
 *
 * @param argument what `chooseDeclaration` takes, with `words` (an array of text), which the entrypoint is given
 * @returns the exit code; undefined when the task was ended before
 * @throws TargetError the interpreter lacks Modal's package, for an account
 */
export async function runEntrypoint(services: Services, argument: unknown): Promise<number | undefined> {
  const entrypoint = await chooseDeclaration(services, argument, "localEntrypoint");
  const words = entrypoint && (givenWords(argument) ?? (await askWords(services, entrypoint)));
  if (!entrypoint || !words) return undefined;
  const file = vscode.Uri.file(entrypoint.path);
  await saveFiles(file);
  const command = await commandFor(services, entrypoint, await pythonFor(services, file), words);
  return runTask(l10n.t`Run ${entrypoint.functionName}`, command, dirname(entrypoint.path));
}

async function commandFor(
  { targets, secrets, extensionUri }: Services,
  { path, functionName: name }: DeclaredFunction,
  python: string,
  words: readonly string[],
): Promise<ModalCommand> {
  const place = targets.current;
  if (place.targetId !== targets.local.id) {
    await checkModalPackage(python);
    const token = await new TokenAccounts(secrets).token(place.targetId.slice("token:".length));
    return runCommand(python, { path, name, words }, place, token);
  }
  const cli = join(extensionUri.fsPath, "dist", "cli.cjs");
  const args = ["--data", await targets.local.dataFolder(), "run", "--python", python, `${path}::${name}`, ...words];
  // VS Code's own executable is the one Node.js that is surely there.
  return { command: process.execPath, args: [cli, ...args], env: { ELECTRON_RUN_AS_NODE: "1" } };
}

function givenWords(argument: unknown): string[] | undefined {
  const words = isRecord(argument) ? argument.words : undefined;
  return Array.isArray(words) ? words.map(String) : undefined;
}

/** None for an entrypoint that takes nothing; what was typed last is there again. */
async function askWords(
  { memory }: Services,
  { path, functionName, parameters = [] }: DeclaredFunction,
): Promise<string[] | undefined> {
  if (parameters.length === 0) return [];
  const key = `words:${path}::${functionName}`;
  const text = await vscode.window.showInputBox({
    title: l10n.t`Arguments of ${`${functionName}(${parametersText(parameters)})`}`,
    prompt: l10n.t("As on a command line. Empty for none."),
    placeHolder: l10n.t`--${parameters[0]?.name.replaceAll("_", "-") ?? ""} value`,
    validateInput: problemOf,
    value: memory.get<string>(key, ""),
    ignoreFocusOut: true,
  });
  if (text === undefined) return undefined;
  await memory.update(key, text);
  return wordsOf(text);
}

function problemOf(text: string): string | undefined {
  try {
    wordsOf(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
