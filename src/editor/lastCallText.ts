import * as l10n from "@vscode/l10n";
import type { CallRecord } from "../calls/callRecord.ts";
import { durationText } from "../calls/durationText.ts";
import { failedInputs, finishedInputs, type InputCounts } from "../calls/inputCounts.ts";

/** How the newest call of a function stands, in a few words with an icon, as a CodeLens has room for. */
export function lastCallTitle({ kind, createdAt, finishedAt, counts }: CallRecord, isFollowed: boolean): string {
  if (finishedAt === undefined) return unfinished(kind === "map" ? counts : undefined, isFollowed);
  const duration = durationText(finishedAt - createdAt);
  if (!counts || failedInputs(counts) === 0) {
    return kind === "map" && counts
      ? l10n.t`$(check) ${inputs(counts.SUCCESS)} in ${duration}`
      : `$(check) ${duration}`;
  }
  if (counts.TERMINATED === failedInputs(counts)) return l10n.t("$(circle-slash) cancelled");
  const failed = counts.FAILURE + counts.TIMEOUT + counts.INIT_FAILURE;
  if (kind === "map") return l10n.t`$(error) ${failed} of ${inputs(finishedInputs(counts))} failed`;
  return counts.TIMEOUT > 0 ? l10n.t`$(error) timed out after ${duration}` : l10n.t`$(error) failed after ${duration}`;
}

/** The whole sentence. */
export function lastCallTooltip({ kind, targetName, createdAt }: CallRecord): string {
  return l10n.t`Show the last call: ${kind} on ${targetName}, ${new Date(createdAt).toLocaleString()}`;
}

/** Without news of it, nothing turns: the call may have finished meanwhile. */
function unfinished(counts: InputCounts | undefined, isFollowed: boolean): string {
  if (!isFollowed) return l10n.t("$(sync) unfinished");
  if (!counts) return l10n.t("$(sync~spin) running");
  const finished = finishedInputs(counts);
  const failed = failedInputs(counts);
  const all = inputs(finished + counts.PENDING);
  return failed > 0
    ? l10n.t`$(sync~spin) ${finished} of ${all}, ${failed} failed`
    : l10n.t`$(sync~spin) ${finished} of ${all}`;
}

function inputs(count: number): string {
  return count === 1 ? l10n.t("1 input") : l10n.t`${count} inputs`;
}
