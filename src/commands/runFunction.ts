import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallKind } from "../calls/model.ts";
import { namedFunction } from "../client/index.ts";
import { parseArguments } from "../inputs/callArguments.ts";
import { chooseFunction, type FunctionChoice } from "./choose/chooseFunction.ts";
import { askArguments } from "./inputs/askInput.ts";
import { givenArguments, givenParameters, givenTexts, isEdited } from "./inputs/givenInputs.ts";
import type { InputTexts } from "./inputs/rememberedInputs.ts";
import { signatureOf } from "./inputs/servedSignature.ts";
import type { Services } from "./services.ts";
import { followWithProgress, rememberCall, tellFailure } from "./startedCall.ts";

/**
 * *Run*: calls a function, shows its panel and waits for the result.
 *
 * @param argument what `chooseFunction` takes, with `args`, `kwargs` and `parameters` (of the class of a method), or `inputText` and
 *   `parametersText` as the user would type them, which with `edit` are what the user is asked about; the user is asked for what is missing
 * @returns the function call's id, when it has finished
 */
export async function runFunction(services: Services, argument: unknown): Promise<string | undefined> {
  const record = await startCall(services, argument, "run");
  if (!record) return undefined;
  services.panels.show(record);
  const summary = await followWithProgress(services, record);
  if (summary.counts.SUCCESS < summary.inputs) {
    tellFailure(services, record, summary, await failureOf(services, record, summary.inputs - 1));
  }
  return record.functionCallId;
}

/**
 * *Spawn*: calls a function and does not wait for the result.
 *
 * @param argument as for *Run*
 * @returns the function call's id, when the target has accepted the call
 */
export async function spawnFunction(services: Services, argument: unknown): Promise<string | undefined> {
  const record = await startCall(services, argument, "spawn");
  if (!record) return undefined;
  void vscode.window
    .showInformationMessage(l10n.t`Spawned ${record.functionName}.`, l10n.t("Show Call"))
    .then((choice) => choice && services.panels.show(record));
  return record.functionCallId;
}

function verbFor(kind: CallKind): string {
  switch (kind) {
    case "run":
      return l10n.t("Run");
    case "spawn":
      return l10n.t("Spawn");
    case "map":
      return l10n.t("Map");
  }
}

async function startCall(services: Services, argument: unknown, kind: CallKind): Promise<CallRecord | undefined> {
  const choice = await chooseFunction(services, argument);
  if (!choice) return undefined;
  const given = givenArguments(argument);
  const texts = given ? undefined : await inputTexts(services, choice, argument, kind);
  if (!given && !texts) return undefined;
  const { args, kwargs } = given ?? parseArguments(texts?.inputText ?? "");
  const parameters = texts ? parseArguments(texts.parametersText ?? "").kwargs : givenParameters(argument);
  const modal = await services.targets.modal(choice);
  const createdAt = Date.now();
  const fn = namedFunction(modal, choice.appName, choice.functionName, parameters);
  const { functionCallId } = await fn.spawn(args, kwargs);
  return rememberCall(services, choice, { functionCallId, kind, createdAt, ...texts });
}

/** What the command was given as text, or what the user types. */
async function inputTexts(
  services: Services,
  choice: FunctionChoice,
  argument: unknown,
  kind: CallKind,
): Promise<InputTexts | undefined> {
  const texts = givenTexts(argument);
  if (texts.inputText === undefined || isEdited(argument)) {
    return askArguments(services, choice, await signatureOf(services, choice), verbFor(kind), texts);
  }
  return { inputText: texts.inputText, parametersText: texts.parametersText };
}

/** @param index the only result, or the last row of a generator */
async function failureOf({ watches }: Services, record: CallRecord, index: number): Promise<string> {
  const value = await watches.of(record).value(index);
  return value.kind === "error" ? value.message : "";
}
