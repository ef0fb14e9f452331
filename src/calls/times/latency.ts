import type { ResultRow } from "../model.ts";
import { runTime } from "./containerSlots.ts";
import { Durations } from "./durations.ts";
import type { Latency, LatencyWanted, Percentiles, TimeSpan } from "./timeModel.ts";

/** So few that a step holds enough inputs to say something of them. */
const MOST_STEPS = 40;
/** Round, so that the steps of a call that goes on stay where they are. */
const STEPS_MS = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 300_000];
const LONGEST_STEP_MS = 900_000;

/** What finished in each step of a call's time, and how long it had run. */
export function latencyOf(rows: readonly ResultRow[], whole: TimeSpan, { lastMs }: LatencyWanted): Latency {
  const span = { from: lastMs === undefined ? whole.from : Math.max(whole.from, whole.to - lastMs), to: whole.to };
  const stepMs = stepOf(span.to - span.from);
  const from = whole.from + Math.floor((span.from - whole.from) / stepMs) * stepMs;
  const steps = Array.from({ length: Math.ceil((span.to - from) / stepMs) }, () => ({
    ended: 0,
    ran: new Durations(),
  }));
  const all = new Durations();
  for (const row of rows) {
    const step = steps[Math.min(steps.length - 1, Math.floor((row.finishedAt - from) / stepMs))];
    if (!step) continue; // It is of another time.
    // Items of a generator have no container, but nor have inputs that never ran.
    if (row.containerId === "" && row.status !== "SUCCESS") continue;
    step.ended += 1;
    if (row.containerId === "") continue;
    step.ran.add(runTime(row));
    all.add(runTime(row));
  }
  return {
    span,
    from,
    stepMs,
    steps: steps.map(({ ended, ran }) => ({ finished: ended, percentiles: percentiles(ran) })),
    overall: percentiles(all),
  };
}

function stepOf(lengthMs: number): number {
  const leastMs = lengthMs / MOST_STEPS;
  return STEPS_MS.find((ms) => ms >= leastMs) ?? Math.ceil(leastMs / LONGEST_STEP_MS) * LONGEST_STEP_MS;
}

function percentiles(durations: Durations): Percentiles | undefined {
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((part) => durations.quantile(part));
  return p50Ms === undefined || p95Ms === undefined || p99Ms === undefined ? undefined : { p50Ms, p95Ms, p99Ms };
}
