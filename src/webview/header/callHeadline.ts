import type { CallSummary } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";
import { failedInputs } from "../statuses.ts";

/** How the whole call stands, in a few words. */
export interface CallHeadline {
  readonly text: string;
  readonly icon: string;
  readonly tone: "running" | "success" | "failure" | "cancelled";
}

/** `cancelling`: the reader asked to cancel and the server has not finished the call yet. */
export function callHeadline(call: CallSummary, cancelling: boolean): CallHeadline {
  if (call.finishedAt === undefined) {
    return { text: cancelling ? "Cancelling" : "Running", icon: "sync", tone: "running" };
  }
  const failed = failedInputs(call.counts);
  const cancelled = call.counts.TERMINATED;
  if (cancelled > 0) {
    const text = call.inputs === 1 ? "Cancelled" : `Cancelled, ${formatCount(cancelled)} terminated`;
    return { text, icon: "circle-slash", tone: "cancelled" };
  }
  if (failed > 0) {
    const text = call.inputs === 1 ? "Failed" : `Finished, ${formatCount(failed)} failed`;
    return { text, icon: "error", tone: "failure" };
  }
  return { text: "Finished", icon: "pass", tone: "success" };
}
