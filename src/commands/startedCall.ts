import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { CallRecord } from "../calls/callRecord.ts";
import { describeCounts, finishedInputs } from "../calls/inputCounts.ts";
import type { CallKind, CallSummary } from "../calls/model.ts";
import type { FunctionChoice } from "./choose/chooseFunction.ts";
import { withCancellableProgress } from "./progress.ts";
import type { Services } from "./services.ts";

/** Longer inputs than this are not remembered with their call. */
const MAX_INPUT_TEXT = 20_000;

/** More indexes than these are not remembered with their call. */
const MAX_INPUT_INDEXES = 5_000;

/** A call that was just made, with what it was given, as far as that can be given again. */
export interface StartedCall extends Pick<CallRecord, "inputText" | "parametersText" | "inputFile" | "inputIndexes"> {
  readonly functionCallId: string;
  readonly kind: CallKind;
  /** Unix milliseconds, before the first request. */
  readonly createdAt: number;
}

/** Remembers a call that was just made, and shows it in the tree. */
export async function rememberCall(
  { history, targets, explorer, log }: Services,
  { appName, functionName, targetId, environmentName }: FunctionChoice,
  call: StartedCall,
): Promise<CallRecord> {
  const record: CallRecord = {
    ...call,
    ...(isShort(call) ? {} : { inputText: undefined, inputFile: undefined, inputIndexes: undefined }),
    targetId,
    targetName: (await targets.find(targetId)).name,
    environmentName,
    appName,
    functionName,
  };
  await history.save(record);
  log.info(`Called ${appName}/${functionName} (${call.kind}): ${call.functionCallId}.`);
  explorer.refreshCalls(record);
  return record;
}

function isShort({ inputText = "", inputIndexes = [] }: StartedCall): boolean {
  return inputText.length <= MAX_INPUT_TEXT && inputIndexes.length <= MAX_INPUT_INDEXES;
}

/**
 * Shows how far a call is, until it has finished. *Cancel* cancels the call on its target.
 *
 * @throws CancellationError after the user cancelled it
 */
export function followWithProgress({ watches }: Services, record: CallRecord): Thenable<CallSummary> {
  const watch = watches.of(record);
  const title = record.kind === "map" ? l10n.t`Mapping ${record.functionName}` : l10n.t`Running ${record.functionName}`;
  return withCancellableProgress(title, async ({ signal, report }) => {
    const stop = watch.subscribe((event) => {
      if (event.type !== "call") return;
      const { counts, inputs, problem } = event.call;
      const message = record.kind === "map" ? describeCounts(counts) : "";
      report(problem ?? message, inputs > 0 ? finishedInputs(counts) / inputs : 0);
    });
    try {
      return await watch.finished(signal);
    } catch (error) {
      if (error instanceof vscode.CancellationError) await watch.cancel({ terminateContainers: false });
      throw error;
    } finally {
      stop();
    }
  });
}

/** One message about a call that has finished otherwise than well. */
export function tellFailure({ panels, log }: Services, record: CallRecord, summary: CallSummary, reason: string): void {
  const { FAILURE, TIMEOUT, INIT_FAILURE } = summary.counts;
  if (FAILURE + TIMEOUT + INIT_FAILURE === 0) return;
  const what = record.kind === "map" ? describeCounts(summary.counts) : reason;
  log.error(`${record.functionName} (${record.functionCallId}): ${what}`);
  void vscode.window
    .showErrorMessage(l10n.t`${record.functionName} failed: ${what}`, l10n.t("Show Call"))
    .then((choice) => choice && panels.show(record));
}
