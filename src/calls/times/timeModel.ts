import type { InputStatus } from "../model.ts";

/** A stretch of time, in unix milliseconds. */
export interface TimeSpan {
  readonly from: number;
  readonly to: number;
}

/** What is known of a container's own life, in unix milliseconds; 0 for what has not happened. */
export interface ContainerLife {
  readonly enqueuedAt: number;
  /** When it was ready for inputs. */
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** An input that runs now. */
export interface RunningInput {
  readonly index: number;
  readonly containerId: string;
  readonly startedAt: number;
}

/** Which part of a call's waterfall somebody looks at. */
export interface WaterfallWanted {
  /** Undefined for the whole call, also while it grows. */
  readonly span: TimeSpan | undefined;
  /** What is shorter than one of so many parts of the span is drawn together with its neighbours. */
  readonly bins: number;
  readonly firstRow: number;
  readonly rows: number;
}

/** The part of a waterfall that was wanted, and what has to be known of the rest. */
export interface WaterfallWindow {
  /** From the call to its end, or to now. */
  readonly whole: TimeSpan;
  readonly span: TimeSpan;
  /** Number of rows in all, and position of the first one here. */
  readonly totalRows: number;
  readonly firstRow: number;
  readonly rows: readonly WaterfallRow[];
  /** Inputs that had not begun at the beginning of each bin. */
  readonly queued: readonly number[];
  /** Inputs in all, which is the most that ever waited. */
  readonly inputs: number;
  readonly containers: number;
  /** Containers of which the server no longer says when they started. */
  readonly unknownStarts: number;
  /** The inputs that take far longer than the others: how many; and of those that ended the longest by their indexes, longest first. */
  readonly stragglers: { readonly count: number; readonly indexes: readonly number[] };
  /** What an input has to run longer than to be one. Undefined while too few are known to say. */
  readonly stragglerMs: number | undefined;
}

/** One of the inputs that a container runs at the same time, over time. Most containers run one, and have one row. */
export interface WaterfallRow {
  /** Where among the rows of its container; the first one is 0. */
  readonly slot: number;
  readonly container: ContainerFacts;
  readonly bars: readonly WaterfallBar[];
}

/** A container and what it did for the call. */
export interface ContainerFacts {
  readonly containerId: string;
  /** Its start, as far as it lies in the call's time. Undefined: it was there before, or is unknown. */
  readonly startup: TimeSpan | undefined;
  /** When it could have run inputs. */
  readonly ready: TimeSpan;
  readonly inputs: number;
  /** How much of the time in which its rows could run inputs they did, from 0 to 1. */
  readonly busy: number;
  readonly longest: { readonly index: number; readonly runMs: number } | undefined;
}

/** An input, or several that are too short to be drawn each. */
export interface WaterfallBar extends TimeSpan {
  readonly inputs: number;
  /** Of the first of them. */
  readonly index: number;
  /** `PENDING` for one that runs now. Of several, the one that matters most. */
  readonly status: InputStatus;
  readonly isStraggler: boolean;
  /** How much of its time is filled, in quarters: 1 for one input. */
  readonly filled: number;
}

/** Which stretch of a call's time. */
export interface LatencyWanted {
  /** The last so many milliseconds. Undefined for the whole call. */
  readonly lastMs: number | undefined;
}

/** What finished when, and how long it had run, in equal steps of time. Times in unix milliseconds. */
export interface Latency {
  /** The stretch that was wanted, as far as the call reaches. */
  readonly span: TimeSpan;
  /** Where the first step begins: at or before the span. */
  readonly from: number;
  readonly stepMs: number;
  readonly steps: readonly LatencyStep[];
  /** Of all inputs in the steps. Undefined: none finished. */
  readonly overall: Percentiles | undefined;
}

interface LatencyStep {
  readonly finished: number;
  /** Undefined: no input that ran finished. */
  readonly percentiles: Percentiles | undefined;
}

/** How long 50, 95 and 99 of 100 inputs ran at most. */
export interface Percentiles {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
}
