import type { ResultRow } from "../model.ts";
import { runTime } from "./containerSlots.ts";
import { Durations } from "./durations.ts";
import type { Latency, LatencyWanted, TimeSpan } from "./timeModel.ts";

/** How long the inputs ran that finished in each step of a call's time. */
export function latencyOf(rows: readonly ResultRow[], whole: TimeSpan, { lastMs, steps }: LatencyWanted): Latency {
  const from = lastMs === undefined ? whole.from : Math.max(whole.from, whole.to - lastMs);
  const stepMs = Math.max(1, (whole.to - from) / steps);
  const all = new Durations();
  const perStep = Array.from({ length: steps }, () => new Durations());
  for (const row of rows) {
    if (row.containerId === "" || row.finishedAt < from) continue; // It never ran, or is of another time.
    const runMs = runTime(row);
    perStep[Math.min(steps - 1, Math.floor((row.finishedAt - from) / stepMs))]?.add(runMs);
    all.add(runMs);
  }
  const [p50Ms = 0, p95Ms = 0, p99Ms = 0] = [0.5, 0.95, 0.99].map((part) => all.quantile(part));
  return {
    span: { from, to: whole.to },
    finished: perStep.map(({ count }) => count),
    p50Ms: perStep.map((durations) => durations.quantile(0.5)),
    p95Ms: perStep.map((durations) => durations.quantile(0.95)),
    p99Ms: perStep.map((durations) => durations.quantile(0.99)),
    overall: all.count > 0 ? { p50Ms, p95Ms, p99Ms } : undefined,
  };
}
