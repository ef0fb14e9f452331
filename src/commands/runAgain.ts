import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallKind } from "../calls/model.ts";
import { InputError } from "../inputs/inputError.ts";
import { assertUnchanged } from "../inputs/inputFile.ts";
import { chooseCall } from "./choose/chooseCall.ts";
import { failedInputs } from "./failedInputs.ts";
import type { Services } from "./services.ts";

const COMMANDS: Readonly<Record<CallKind, string>> = {
  run: "spawnpoint.run",
  spawn: "spawnpoint.spawn",
  map: "spawnpoint.map",
};

/**
 * *Run Again*: makes a call once more, with the inputs that it had. Where they are not known, the user is asked for them: servers do
 * not give inputs back.
 *
 * @param argument `{ functionCallId }`; otherwise the user picks one
 * @returns what the command of the call's kind returns
 */
export async function runAgain(services: Services, argument: unknown): Promise<unknown> {
  const record = await chooseCall(services, argument, { unfinishedOnly: false });
  return record && repeat(record, {});
}

/** *Edit and Run Again*: the same, after the user saw the inputs and may have changed them. */
export async function editAndRunAgain(services: Services, argument: unknown): Promise<unknown> {
  const record = await chooseCall(services, argument, { unfinishedOnly: false });
  return record && repeat(record, { edit: true });
}

/**
 * *Run Failed Inputs Again*: a new map of those inputs that failed. Waits for the end of the map.
 *
 * @throws InputError the call is no map, nothing failed, or its inputs are not known
 */
export async function runFailedInputsAgain(services: Services, argument: unknown): Promise<unknown> {
  const record = await chooseCall(services, argument, { unfinishedOnly: false });
  if (!record) return undefined;
  const { kind, functionName, inputText, inputFile, inputIndexes } = record;
  if (kind !== "map") throw new InputError(l10n.t`This call of ${functionName} is no map; use Run Again.`);
  if (inputText === undefined && !inputFile) {
    throw new InputError(
      l10n.t`The inputs of this map of ${functionName} were not kept; map it again from its source.`,
    );
  }
  if (inputFile) await assertUnchanged(inputFile);
  const failed = await failedInputs(services, record);
  if (failed.length === 0) throw new InputError(l10n.t`No input of this map of ${functionName} failed; use Run Again.`);
  const indexes = inputIndexes ? failed.flatMap((index) => inputIndexes[index] ?? []) : failed;
  return repeat(record, { indexes });
}

interface Changes {
  readonly edit?: true;
  readonly indexes?: readonly number[];
}

function repeat(record: CallRecord, changes: Changes): Thenable<unknown> {
  const { kind, appName, functionName, targetId, environmentName, inputText, parametersText } = record;
  const { inputFile, inputIndexes: indexes } = record;
  const file = inputFile && { file: inputFile.path, shape: inputFile.shape };
  const fn = { appName, functionName, targetId, environmentName };
  return vscode.commands.executeCommand(COMMANDS[kind], {
    ...fn,
    inputText,
    parametersText,
    indexes,
    ...file,
    ...changes,
  });
}
