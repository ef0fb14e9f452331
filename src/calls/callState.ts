import type { CallForest } from "./callForest.ts";
import type { CallRecord } from "./callRecord.ts";
import { noInputs } from "./inputCounts.ts";
import type { CallSummary, CallTimes, LogLine, ResultRow, StatsSample } from "./model.ts";
import { ResultRows } from "./results/resultRows.ts";
import { ContainerTimes } from "./times/containerTimes.ts";
import type { RunningInput } from "./times/timeModel.ts";

/** What is new of a call. Rows, samples and lines are added to what was; the rest replaces it. */
export type CallEvent =
  | { readonly type: "call"; readonly call: CallSummary }
  | { readonly type: "rows"; readonly rows: readonly ResultRow[] }
  | { readonly type: "stats"; readonly samples: readonly StatsSample[] }
  | { readonly type: "graph"; readonly forest: CallForest }
  /** More is known of the containers, or other inputs run. */
  | { readonly type: "containers" }
  | { readonly type: "logs"; readonly lines: readonly LogLine[] };

const MAX_SAMPLES = 3_600;
const MAX_LOG_LINES = 20_000;

/** All that is known of one function call, and what of it is news. Changed by following the call; does nothing itself. */
export class CallState {
  /** Where to go on reading results and logs after an interruption. */
  outputCursor: string | undefined;
  logCursor: string | undefined;
  /** Set when there is nothing more to learn. */
  isComplete = false;
  /** Whether somebody looks at the call graph. */
  isGraphShown = false;
  /** Whether somebody looks at the waterfall. */
  isWaterfallShown = false;
  readonly containers = new ContainerTimes();
  /** What ran when the server was last asked. */
  running: readonly RunningInput[] = [];
  /** An input whose result was replaced has one row, the newest. */
  readonly rows = new ResultRows();
  readonly #onNews: () => void;
  readonly #finished = new AbortController();
  #startupMs: number | undefined;
  #summary: CallSummary;
  readonly #samples: StatsSample[] = [];
  #forest: CallForest | undefined;
  readonly #lines: LogLine[] = [];
  #news = noNews();

  /** @param onNews called after every change; cheap, as changes are many */
  constructor(record: CallRecord, onNews: () => void) {
    const { inputText: _, ...call } = record;
    const unknown = { isGenerator: false, finishedAt: undefined, inputs: 0, counts: noInputs, problem: undefined };
    this.#summary = { ...call, ...unknown };
    this.#onNews = onNews;
  }

  get summary(): CallSummary {
    return this.#summary;
  }

  /** Aborted when the call has finished and all its results are here. */
  get finished(): AbortSignal {
    return this.#finished.signal;
  }

  setGenerator(isGenerator: boolean): void {
    if (isGenerator !== this.#summary.isGenerator) this.#update({ isGenerator });
  }

  /** @param unfinished number of accepted inputs that have no result yet */
  addRows(rows: readonly ResultRow[], unfinished: number): void {
    this.rows.add(rows);
    append(this.#news.rows, rows, Number.POSITIVE_INFINITY);
    this.#count(unfinished);
  }

  /** Before the first results: how many inputs there are. */
  setInputs(inputs: number): void {
    if (this.rows.size === 0) this.#count(inputs);
  }

  /** How long the container of the first input took to start, while the call waited for it. */
  setStartup(startupMs: number): void {
    this.#startupMs = startupMs;
    this.#update({ times: this.#times() });
  }

  setProblem(problem: string | undefined): void {
    if (problem !== this.#summary.problem) this.#update({ problem });
  }

  finish(): void {
    const finishedAt = Math.max(this.#summary.createdAt, this.rows.lastFinishedAt);
    this.#update({ finishedAt, problem: undefined });
    this.#finished.abort();
  }

  addSample(sample: Omit<StatsSample, "finished">): void {
    const complete = { ...sample, finished: this.rows.size };
    append(this.#samples, [complete], MAX_SAMPLES);
    append(this.#news.samples, [complete], MAX_SAMPLES);
    this.#onNews();
  }

  setGraph(forest: CallForest): void {
    this.#forest = forest;
    this.#news.forest = forest;
    this.#onNews();
  }

  /** The graph of a large map is large, and is read again when somebody looks. */
  forgetGraph(): void {
    this.#forest = undefined;
    delete this.#news.forest;
  }

  /** What the server was asked of containers is there. */
  noteContainers(): void {
    this.#news.containers = true;
    this.#onNews();
  }

  addLines(lines: readonly LogLine[]): void {
    append(this.#lines, lines, MAX_LOG_LINES);
    append(this.#news.lines, lines, MAX_LOG_LINES);
    this.#onNews();
  }

  /** What changed since it was asked last. */
  takeNews(): CallEvent[] {
    const news = this.#news;
    this.#news = noNews();
    return eventsOf(news);
  }

  /** Everything, as somebody who comes late needs it. */
  everything(): CallEvent[] {
    return eventsOf({
      call: this.#summary,
      rows: this.rows.all(),
      samples: [...this.#samples],
      ...(this.#forest && { forest: this.#forest }),
      lines: [...this.#lines],
    });
  }

  #count(unfinished: number): void {
    const counts = { ...this.rows.finished, PENDING: unfinished };
    this.#update({ inputs: this.rows.size + unfinished, counts, times: this.#times() });
  }

  /** The items of a generator have no times of their own. */
  #times(): CallTimes | undefined {
    const { first, size, executionMs } = this.rows;
    if (!first?.containerId) return undefined;
    const queuedMs = Math.max(0, first.startedAt - this.#summary.createdAt);
    return { queuedMs, startupMs: this.#startupMs, executionMs: executionMs / size };
  }

  #update(change: Partial<CallSummary>): void {
    this.#summary = { ...this.#summary, ...change };
    this.#news.call = this.#summary;
    this.#onNews();
  }
}

interface News {
  call?: CallSummary;
  rows: ResultRow[];
  samples: StatsSample[];
  forest?: CallForest;
  containers?: boolean;
  lines: LogLine[];
}

function noNews(): News {
  return { rows: [], samples: [], lines: [] };
}

/** Drops the oldest above the limit, a good many at once, as that moves all others. */
function append<T>(list: T[], items: readonly T[], limit: number): void {
  for (const item of items) list.push(item);
  if (list.length > limit * 1.25) list.splice(0, list.length - limit);
}

function eventsOf({ call, rows, samples, forest, containers, lines }: News): CallEvent[] {
  const events: CallEvent[] = [];
  if (rows.length) events.push({ type: "rows", rows });
  if (samples.length) events.push({ type: "stats", samples });
  if (forest) events.push({ type: "graph", forest });
  if (containers) events.push({ type: "containers" });
  if (lines.length) events.push({ type: "logs", lines });
  if (call) events.push({ type: "call", call });
  return events;
}
