import { dirname, join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { parseArguments } from "../inputs/callArguments.ts";
import { readSetting } from "../settings/readSetting.ts";
import { checkModalPackage, type ModalCommand, runCommand } from "../targets/modalCommand.ts";
import { TokenAccounts } from "../targets/tokenAccounts.ts";
import { isRecord } from "./argument.ts";
import { chooseDeclaration, type DeclaredFunction } from "./choose/chooseDeclaration.ts";
import { askArguments } from "./inputs/askInput.ts";
import { entrypointSignature, entrypointWords } from "./inputs/entrypointArguments.ts";
import { givenArguments, givenTexts } from "./inputs/givenInputs.ts";
import { pythonFor } from "./python/pythonInterpreter.ts";
import { runTask } from "./python/runTask.ts";
import { saveFiles } from "./python/saveFiles.ts";
import type { Services } from "./services.ts";

/**
 * *Run Local Entrypoint*: runs a local entrypoint of a file as a task, in its app on the current target: locally by our own command
 * line, on an account by Modal's.
 *
 * @param argument what `chooseDeclaration` takes, with `words` of a command line (an array of text), or with `args` and `kwargs`, or `inputText`
 *   as the user would type it
 * @returns the exit code; undefined when the task was ended before
 * @throws TargetError the interpreter lacks Modal's package, for an account
 */
export async function runEntrypoint(services: Services, argument: unknown): Promise<number | undefined> {
  const entrypoint = await chooseDeclaration(services, argument, "localEntrypoint");
  const words = entrypoint && (await wordsFor(services, entrypoint, argument));
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
  const data = ["--data", await targets.local.dataFolder()];
  const options = ["--python", python, "--runtime", readSetting("spawnpoint.runtime", vscode.Uri.file(path))];
  const args = [...data, "run", ...options, `${path}::${name}`, ...words];
  // VS Code's own executable is the one Node.js that is surely there.
  return { command: process.execPath, args: [cli, ...args], env: { ELECTRON_RUN_AS_NODE: "1" } };
}

/** What the entrypoint is given, or what the user gives. What was given last is there again. */
async function wordsFor(
  services: Services,
  entrypoint: DeclaredFunction,
  argument: unknown,
): Promise<readonly string[] | undefined> {
  const words = givenWords(argument);
  if (words) return words;
  const { path, functionName, parameters } = entrypoint;
  const given = givenArguments(argument);
  if (given) return entrypointWords(given, parameters);
  // No function of an app, so that nothing is saved for one: by its file it is told apart from others.
  const names = { appName: "", functionName: `${path}::${functionName}` };
  const inputText =
    givenTexts(argument).inputText ??
    (await askArguments(services, names, entrypointSignature(entrypoint), l10n.t("Run")))?.inputText;
  return inputText === undefined ? undefined : entrypointWords(parseArguments(inputText), parameters);
}

function givenWords(argument: unknown): string[] | undefined {
  const words = isRecord(argument) ? argument.words : undefined;
  return Array.isArray(words) ? words.map(String) : undefined;
}
