import type { CallSummary, ResultRow } from "../model.ts";
import type { ResultRows } from "../results/resultRows.ts";
import { slotBars } from "./bars.ts";
import { ContainerSlots, runTime } from "./containerSlots.ts";
import type { ContainerTimes } from "./containerTimes.ts";
import { Durations } from "./durations.ts";
import { containerFacts, type Lane, lanesOf } from "./lanes.ts";
import type {
  RunningInput,
  TimeSpan,
  WaterfallBar,
  WaterfallRow,
  WaterfallWanted,
  WaterfallWindow,
} from "./timeModel.ts";
import { wholeSpan } from "./wholeSpan.ts";

/** Of fewer inputs nobody can tell what is usual. */
const FEWEST_INPUTS = 20;
/** So many times what 95 of 100 inputs need at most is out of the ordinary; what is shorter than this nobody waits for. */
const STRAGGLER_FACTOR = 2;
const SHORTEST_STRAGGLER_MS = 10;
const MAX_NAMED_STRAGGLERS = 100;

/** What a waterfall is drawn from. */
export interface WaterfallSource {
  readonly summary: CallSummary;
  readonly rows: ResultRows;
  readonly containers: ContainerTimes;
  /** What ran when the server was last asked. */
  readonly running: readonly RunningInput[];
}

/** A call's inputs by container, over time. Those that come are put where they belong, so that keeping up with a running map costs little. */
export class Waterfall {
  readonly #source: WaterfallSource;
  #numArrivals = 0;
  /** Inputs that ended, whether they ran or not. */
  #ended: ResultRow[] = [];
  #containers = new Map<string, ContainerSlots>();
  #durations = new Durations();

  constructor(source: WaterfallSource) {
    this.#source = source;
  }

  /** @param now in unix milliseconds: the end of what still runs */
  window(wanted: WaterfallWanted, now: number): WaterfallWindow {
    this.#update();
    const { summary, rows, containers } = this.#source;
    const whole = wholeSpan(this.#source, now);
    const span = wanted.span ?? whole;
    const running = this.#source.running.filter(({ index }) => !rows.get(index));
    const lanes = lanesOf(this.#containers, running);
    const stragglerMs = this.#stragglerMs();
    return {
      whole,
      span,
      totalRows: lanes.reduce((sum, { slots }) => sum + slots.length, 0),
      firstRow: wanted.firstRow,
      rows: this.#rows(lanes, whole, { ...wanted, span, stragglerMs }),
      queued: queuedInputs(summary.inputs, [...this.#ended.map(queueEnd), ...running.map(queueEnd)], span, wanted.bins),
      inputs: summary.inputs,
      containers: lanes.length,
      unknownStarts: lanes.filter(({ past }) => containers.get(past.containerId)?.startedAt === 0).length,
      stragglers: this.#stragglers(
        running.filter(({ startedAt }) => whole.to - startedAt > (stragglerMs ?? Infinity)).length,
        stragglerMs,
      ),
      stragglerMs,
    };
  }

  #update(): void {
    const { rows } = this.#source;
    let arrived = rows.arrivedSince(this.#numArrivals).map((index) => rows.get(index));
    if (arrived.length === 0) return;
    this.#numArrivals = rows.numArrivals;
    // A result that took the place of another one: start over.
    if (this.#ended.length + arrived.length > rows.size) {
      this.#ended = [];
      this.#containers = new Map();
      this.#durations = new Durations();
      arrived = rows.all();
    }
    const inOrder = arrived.filter((row) => row !== undefined).sort((one, other) => one.startedAt - other.startedAt);
    for (const row of inOrder) this.#add(row);
  }

  #add(row: ResultRow): void {
    this.#ended.push(row);
    if (row.containerId === "") return; // It never ran.
    this.#durations.add(runTime(row));
    const container = this.#containers.get(row.containerId) ?? new ContainerSlots(row.containerId);
    this.#containers.set(row.containerId, container);
    container.add(row);
  }

  #rows(lanes: readonly Lane[], whole: TimeSpan, wanted: WindowWanted): WaterfallRow[] {
    const shown: WaterfallRow[] = [];
    const end = wanted.firstRow + wanted.rows;
    let position = 0;
    for (const lane of lanes) {
      const isInView = position < end && position + lane.slots.length > wanted.firstRow;
      const container = isInView
        ? containerFacts(lane, this.#source.containers.get(lane.past.containerId), whole)
        : undefined;
      for (const [slot, { finished, running }] of lane.slots.entries()) {
        if (container && position >= wanted.firstRow && position < end) {
          const bars = slotBars(finished, wanted);
          if (running) bars.push(runningBar(running, whole.to, wanted.stragglerMs));
          shown.push({ slot, container, bars });
        }
        position += 1;
      }
    }
    return shown;
  }

  #stragglerMs(): number | undefined {
    const usualMs = this.#durations.count >= FEWEST_INPUTS ? this.#durations.quantile(0.95) : undefined;
    return usualMs && Math.max(SHORTEST_STRAGGLER_MS, usualMs * STRAGGLER_FACTOR);
  }

  /** @param stillRunning how many of those that run are already late */
  #stragglers(stillRunning: number, stragglerMs = Number.POSITIVE_INFINITY): WaterfallWindow["stragglers"] {
    const stragglers = this.#ended.filter((row) => row.containerId !== "" && runTime(row) > stragglerMs);
    stragglers.sort((one, other) => runTime(other) - runTime(one));
    const indexes = stragglers.slice(0, MAX_NAMED_STRAGGLERS).map(({ index }) => index);
    return { count: stragglers.length + stillRunning, indexes };
  }
}

interface WindowWanted extends WaterfallWanted {
  readonly span: TimeSpan;
  readonly stragglerMs: number | undefined;
}

function runningBar({ index, startedAt }: RunningInput, now: number, stragglerMs = Infinity): WaterfallBar {
  const to = Math.max(startedAt, now);
  const isStraggler = to - startedAt > stragglerMs;
  return { from: startedAt, to, inputs: 1, index, status: "PENDING", isStraggler, filled: 1 };
}

/** When an input left the queue: as it began, or as it ended without that. */
function queueEnd(input: ResultRow | RunningInput): number {
  return input.containerId === "" && "finishedAt" in input ? input.finishedAt : input.startedAt;
}

/** How many inputs wait at the beginning of each bin. */
function queuedInputs(inputs: number, queueEnds: readonly number[], span: TimeSpan, bins: number): number[] {
  const binMs = (span.to - span.from) / bins;
  const left = new Array<number>(bins).fill(0);
  for (const at of queueEnds) {
    const bin = Math.max(0, Math.ceil((at - span.from) / binMs));
    if (bin < bins) left[bin] = (left[bin] ?? 0) + 1;
  }
  let waiting = inputs;
  return left.map((gone) => {
    waiting -= gone;
    return Math.max(0, waiting);
  });
}
