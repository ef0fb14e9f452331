import type { CallRecord } from "../calls/callRecord.ts";
import { durationText } from "../calls/durationText.ts";
import { failedInputs, finishedInputs, type InputCounts } from "../calls/inputCounts.ts";

/** How the newest call of a function stands, in a few words with an icon, as a CodeLens has room for. */
export function lastCallTitle({ kind, createdAt, finishedAt, counts }: CallRecord, isFollowed: boolean): string {
  if (finishedAt === undefined) return unfinished(kind === "map" ? counts : undefined, isFollowed);
  const duration = durationText(finishedAt - createdAt);
  if (!counts || failedInputs(counts) === 0) {
    return kind === "map" && counts ? `$(check) ${inputs(counts.SUCCESS)} in ${duration}` : `$(check) ${duration}`;
  }
  if (counts.TERMINATED === failedInputs(counts)) return "$(circle-slash) cancelled";
  const failed = counts.FAILURE + counts.TIMEOUT + counts.INIT_FAILURE;
  if (kind === "map") return `$(error) ${failed} of ${inputs(finishedInputs(counts))} failed`;
  return counts.TIMEOUT > 0 ? `$(error) timed out after ${duration}` : `$(error) failed after ${duration}`;
}

/** The whole sentence. */
export function lastCallTooltip({ kind, targetName, createdAt }: CallRecord): string {
  return `Show the last call: ${kind} on ${targetName}, ${new Date(createdAt).toLocaleString()}`;
}

/** Without news of it, nothing turns: the call may have finished meanwhile. */
function unfinished(counts: InputCounts | undefined, isFollowed: boolean): string {
  if (!isFollowed) return "$(sync) unfinished";
  if (!counts) return "$(sync~spin) running";
  const finished = finishedInputs(counts);
  const failed = failedInputs(counts);
  const progress = `$(sync~spin) ${finished} of ${inputs(finished + counts.PENDING)}`;
  return failed > 0 ? `${progress}, ${failed} failed` : progress;
}

function inputs(count: number): string {
  return count === 1 ? "1 input" : `${count} inputs`;
}
