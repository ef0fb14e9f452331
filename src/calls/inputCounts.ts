import * as l10n from "@vscode/l10n";
import type { FunctionCallInfo } from "../client/index.ts";
import type { InputStatus } from "./model.ts";

/** How many inputs have which status. */
export type InputCounts = Readonly<Record<InputStatus, number>>;

export const noInputs: InputCounts = { PENDING: 0, SUCCESS: 0, FAILURE: 0, TERMINATED: 0, TIMEOUT: 0, INIT_FAILURE: 0 };

/**
 * Modal's `InputStatus` for the status name of a `GenericResult`. Statuses that only results have
 * (`INTERNAL_FAILURE`, `IDLE_TIMEOUT`, …) count as failures, as they do in Modal's call graph.
 */
export function inputStatus(resultStatus: string): InputStatus {
  return resultStatus in noInputs ? (resultStatus as InputStatus) : "FAILURE";
}

export function finishedInputs(counts: InputCounts): number {
  return failedInputs(counts) + counts.SUCCESS;
}

/** Inputs that ended in any way but success. */
export function failedInputs(counts: InputCounts): number {
  return counts.FAILURE + counts.TERMINATED + counts.TIMEOUT + counts.INIT_FAILURE;
}

/** One sentence part for messages and descriptions, e.g. `3 of 10 finished, 1 failed`. */
export function describeCounts(counts: InputCounts): string {
  const finished = finishedInputs(counts);
  const failed = counts.FAILURE + counts.TIMEOUT + counts.INIT_FAILURE;
  const parts = [l10n.t`${finished} of ${finished + counts.PENDING} finished`];
  if (failed > 0) parts.push(l10n.t`${failed} failed`);
  if (counts.TERMINATED > 0) parts.push(l10n.t`${counts.TERMINATED} cancelled`);
  return parts.join(", ");
}

/** The counts of a call in a server's list. */
export function listedCounts(info: FunctionCallInfo): InputCounts {
  return {
    PENDING: info.pendingInputs,
    SUCCESS: info.succeededInputs,
    FAILURE: info.failedInputs,
    TERMINATED: info.cancelledInputs,
    TIMEOUT: info.timedOutInputs,
    INIT_FAILURE: 0,
  };
}
