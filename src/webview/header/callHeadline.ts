import * as l10n from "@vscode/l10n";
import type { CallSummary } from "../../panel/messages.ts";
import { formatCount, formatInputs, formatItems } from "../format.ts";
import { failedInputs, finishedInputs } from "../statuses.ts";

/** How the whole call stands, in a few words. */
export interface CallHeadline {
  readonly text: string;
  readonly icon: string;
  readonly tone: "running" | "success" | "failure" | "cancelled";
}

/** `cancelling`: the reader asked to cancel and the server has not finished the call yet. */
export function callHeadline(call: CallSummary, cancelling: boolean): CallHeadline {
  if (call.finishedAt === undefined) {
    return { text: cancelling ? l10n.t("Cancelling") : l10n.t("Running"), icon: "sync", tone: "running" };
  }
  const hasOneInput = call.inputs === 1 || call.isGenerator;
  const failed = failedInputs(call.counts);
  const cancelled = call.counts.TERMINATED;
  if (cancelled > 0) {
    const text = hasOneInput ? l10n.t("Cancelled") : l10n.t`Cancelled, ${formatCount(cancelled)} terminated`;
    return { text, icon: "circle-slash", tone: "cancelled" };
  }
  if (failed > 0) {
    const text = hasOneInput ? l10n.t("Failed") : l10n.t`Finished, ${formatCount(failed)} failed`;
    return { text, icon: "error", tone: "failure" };
  }
  return { text: l10n.t("Finished"), icon: "pass", tone: "success" };
}

/** How far a call with several rows is. How much a generator will yield is not known. */
export function progressText(call: CallSummary): string {
  if (call.isGenerator) return formatItems(call.counts.SUCCESS);
  const finished = finishedInputs(call.counts);
  const all = formatInputs(call.inputs);
  return finished === call.inputs ? all : l10n.t`${formatCount(finished)} of ${all}`;
}
