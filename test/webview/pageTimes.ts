import type { CallSummary } from "../../src/calls/model.ts";
import type { ResultRows } from "../../src/calls/results/resultRows.ts";
import { ContainerTimes } from "../../src/calls/times/containerTimes.ts";
import { latencyOf } from "../../src/calls/times/latency.ts";
import type {
  Latency,
  LatencyWanted,
  RunningInput,
  WaterfallWanted,
  WaterfallWindow,
} from "../../src/calls/times/timeModel.ts";
import { Waterfall } from "../../src/calls/times/waterfall.ts";
import { wholeSpan } from "../../src/calls/times/wholeSpan.ts";
import { callSummary } from "./samples.ts";

/** Answers a page's looks at the times of its call, as the extension host does. It is always a second after the last that was heard. */
export class PageTimes {
  readonly rows: ResultRows;
  readonly containers = new ContainerTimes();
  running: readonly RunningInput[] = [];
  summary: CallSummary = callSummary();
  /** When the function's stats were last read. */
  sampledAt = 0;
  readonly #waterfall: Waterfall;

  constructor(rows: ResultRows) {
    this.rows = rows;
    this.#waterfall = new Waterfall(this);
  }

  waterfall(wanted: WaterfallWanted): WaterfallWindow {
    return this.#waterfall.window(wanted, this.#now);
  }

  latency(wanted: LatencyWanted): Latency {
    return latencyOf(this.rows.all(), wholeSpan(this, this.#now), wanted);
  }

  get #now(): number {
    return Math.max(this.summary.createdAt, this.rows.lastFinishedAt, this.sampledAt) + 1_000;
  }
}
