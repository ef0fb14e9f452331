import { join } from "node:path";
import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { durationText } from "../calls/durationText.ts";
import { textPreview } from "../calls/results/textPreview.ts";
import { valuePreview, valueText } from "../calls/results/valueText.ts";
import { LocalFunction, RemoteError } from "../client/index.ts";
import { chooseDeclaration, type DeclaredFunction } from "./choose/chooseDeclaration.ts";
import { askDeclaredArguments, type DeclaredArguments } from "./inputs/askDeclaredArguments.ts";
import { withCancellableProgress } from "./progress.ts";
import { pythonFor } from "./python/pythonInterpreter.ts";
import { saveFiles } from "./python/saveFiles.ts";
import type { Services } from "./services.ts";

/** More of a value makes the output hard to read. */
const MAX_CHARACTERS = 100_000;

/**
 * *Run in Python*: calls a function in an interpreter of its own, without any server. What it prints and gives goes to an output
 * channel, and its result beside its line.
 *
 * @param argument what `chooseDeclaration` takes, with `args`, `kwargs` and `parameters` (of the class of a method), or `inputText` and
 *   `parametersText` as the user would type them
 * @returns what the function returned, or the items of a generator
 */
export async function runInPython(services: Services, argument: unknown): Promise<unknown> {
  const fn = await chooseDeclaration(services, argument);
  const given = fn && (await askDeclaredArguments(services, fn, argument, l10n.t("Run")));
  if (!fn || !given) return undefined;
  await saveFiles(vscode.Uri.file(fn.path));
  const python = await pythonFor(services, vscode.Uri.file(fn.path));
  const take = services.results.begin(fn);
  const { output } = services;
  output.line(l10n.t`${fn.functionName} of ${fn.path}, with ${python}`);
  output.show();
  const startedAt = Date.now();
  const durationMs = () => Date.now() - startedAt;
  const shared = { call: undefined };
  try {
    const answer = await run(services, fn, given, python);
    output.line(`${l10n.t`Finished in ${durationText(durationMs())}.`}\n`);
    const text = valueText(answer.shown);
    take({ ...shared, isFailure: false, preview: answer.preview, durationMs: durationMs(), details: async () => text });
    return answer.value;
  } catch (error) {
    if (!(error instanceof RemoteError)) {
      output.line(`${error instanceof vscode.CancellationError ? l10n.t("Cancelled.") : messageOf(error)}\n`);
      throw error;
    }
    const { traceback, exception } = error;
    output.line(`${traceback || exception}${l10n.t`Failed after ${durationText(durationMs())}.`}\n`);
    take({ ...shared, isFailure: true, preview: exception, durationMs: durationMs(), details: async () => traceback });
    tellFailure(services, fn, exception);
    return undefined;
  }
}

interface Answer {
  /** What the caller of the command gets. */
  readonly value: unknown;
  /** What the user sees of it: of a generator its last item. */
  readonly shown: unknown;
  readonly preview: string;
}

function run(
  { output, extensionUri }: Services,
  { path, qualifiedName, appName, functionName }: DeclaredFunction,
  { args, kwargs, parameters }: DeclaredArguments,
  python: string,
): Thenable<Answer> {
  return withCancellableProgress(l10n.t`Running ${functionName} in Python`, async ({ signal }) => {
    const items: unknown[] = [];
    const fn = new LocalFunction({ path, qualname: qualifiedName, appName, parameters, python });
    const pythonFolder = join(extensionUri.fsPath, "dist", "python");
    const options = { signal, pythonFolder, onLog: ({ text }: { text: string }) => output.append(text) };
    for await (const { isItem, value } of fn.run(args, kwargs, options)) {
      const shown = valuePreview(value, MAX_CHARACTERS);
      output.line(isItem ? l10n.t`yielded ${shown}` : l10n.t`returned ${shown}`);
      if (!isItem) return { value, shown: value, preview: valuePreview(value) };
      items.push(value);
    }
    const count = items.length === 1 ? l10n.t("1 item") : l10n.t`${items.length} items`;
    const preview = items.length === 0 ? count : l10n.t`${count}, the last ${valuePreview(items.at(-1))}`;
    return { value: items, shown: items.at(-1), preview };
  });
}

function tellFailure({ output }: Services, { functionName }: DeclaredFunction, exception: string): void {
  void vscode.window
    .showErrorMessage(l10n.t`${functionName} failed: ${textPreview(exception)}`, l10n.t("Show Output"))
    .then((choice) => choice && output.show());
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
