import { basename } from "node:path";
import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import { namedFunction } from "../client/index.ts";
import { fileAsInputs, type MapInputs, parseMapInputs, valuesAsInputs } from "../inputs/mapInputs.ts";
import { isRecord, textProperty } from "./argument.ts";
import { askMapInputs } from "./askInput.ts";
import { chooseFunction, type FunctionChoice } from "./chooseFunction.ts";
import { withCancellableProgress } from "./progress.ts";
import { reportError } from "./reportError.ts";
import type { Services } from "./services.ts";
import { followWithProgress, rememberCall, tellFailure } from "./startedCall.ts";

/**
 * *Map*: calls a function once per input and shows the panel, where results arrive. Goes on under a progress notification.
 *
 * @param argument what `chooseFunction` takes, with `inputs` (an array, or text as the user would type it) or `file` (a
 *   JSONL file), `star` (each input is a list of arguments) and `kwargs`; the user is asked for what is missing
 * @returns the function call's id, when the target has accepted all inputs
 */
export async function mapFunction(services: Services, argument: unknown): Promise<string | undefined> {
  const choice = await chooseFunction(services, argument);
  const given = choice && (givenInputs(argument) ?? (await pickInputs(services, choice)));
  if (!choice || !given) return undefined;
  const kwargs = isRecord(argument) && isRecord(argument.kwargs) ? argument.kwargs : {};
  const createdAt = Date.now();
  const functionCallId = await send(services, choice, given.inputs, kwargs);
  const call = { functionCallId, kind: "map", createdAt, inputText: given.text } as const;
  const record = await rememberCall(services, choice, call);
  services.panels.show(record);
  follow(services, record).catch((error: unknown) => reportError(services.log, error));
  return functionCallId;
}

interface GivenInputs {
  readonly inputs: MapInputs;
  /** How they were typed, to map again. */
  readonly text: string | undefined;
}

function send(
  { targets }: Services,
  choice: FunctionChoice,
  inputs: MapInputs,
  kwargs: Readonly<Record<string, unknown>>,
): Thenable<string> {
  return withCancellableProgress(`Sending inputs to ${choice.functionName}`, async ({ signal, report }) => {
    const modal = await targets.modal(choice);
    const onProgress = (numInputs: number) => {
      const of = inputs.count === undefined ? "" : ` of ${inputs.count}`;
      report(`${numInputs}${of}`, inputs.count && numInputs / inputs.count);
    };
    const fn = namedFunction(modal, choice.appName, choice.functionName);
    const { functionCallId } = await fn.spawnMap(inputs.rows, { kwargs, signal, onProgress });
    return functionCallId;
  });
}

async function follow(services: Services, record: CallRecord): Promise<void> {
  const summary = await followWithProgress(services, record);
  tellFailure(services, record, summary, "");
}

function givenInputs(argument: unknown): GivenInputs | undefined {
  if (!isRecord(argument)) return undefined;
  const star = argument.star === true;
  const file = textProperty(argument, "file");
  if (file) return { inputs: fileAsInputs(file, star), text: undefined };
  const text = textProperty(argument, "inputs") ?? textProperty(argument, "inputText");
  if (text) return { inputs: parseMapInputs(text), text };
  if (!Array.isArray(argument.inputs)) return undefined;
  return { inputs: valuesAsInputs(argument.inputs, star), text: undefined };
}

async function pickInputs(services: Services, choice: FunctionChoice): Promise<GivenInputs | undefined> {
  const type = { label: "$(edit) Type inputs", description: "a list, or a range such as 0..9999" };
  const file = { label: "$(file) From a JSONL file", description: "one input per line" };
  const source = await vscode.window.showQuickPick([type, file], {
    placeHolder: `Inputs for ${choice.functionName}`,
    // A call panel that had the focus gets it back when the pick before this one closes, and then takes it from this one.
    ignoreFocusOut: true,
  });
  if (source === type) {
    const text = await askMapInputs(services, choice);
    return text === undefined ? undefined : { inputs: parseMapInputs(text), text };
  }
  return source === file ? pickFile() : undefined;
}

async function pickFile(): Promise<GivenInputs | undefined> {
  const filters = { "JSON Lines": ["jsonl", "ndjson"], "All Files": ["*"] };
  const [file] = (await vscode.window.showOpenDialog({ filters, openLabel: "Map" })) ?? [];
  if (!file) return undefined;
  const each = { label: "Each line is one argument", star: false };
  const spread = { label: "Each line is a list of arguments", star: true };
  const how = await vscode.window.showQuickPick([each, spread], { placeHolder: basename(file.fsPath) });
  return how && { inputs: fileAsInputs(file.fsPath, how.star), text: undefined };
}
