import type { CallSummary } from "../model.ts";
import type { ResultRows } from "../results/resultRows.ts";
import type { TimeSpan } from "./timeModel.ts";

/**
 * From the call to its end, or to now. Server and extension host can disagree about the time, which must leave no input outside.
 *
 * @param now in unix milliseconds
 */
export function wholeSpan({ summary, rows }: { summary: CallSummary; rows: ResultRows }, now: number): TimeSpan {
  const from = Math.min(summary.createdAt, rows.first?.startedAt ?? summary.createdAt);
  const to = summary.finishedAt ?? Math.max(now, rows.lastFinishedAt);
  return { from, to: Math.max(to, from + 1) };
}
