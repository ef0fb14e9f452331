import type { ReadLimits, StoredOutput } from "../store/callStore.ts";
import type { Store } from "../store/store.ts";
import type { ActiveCall } from "./activeCall.ts";
import type { Clock } from "./clock.ts";
import type { GeneratorItems } from "./generatorItems.ts";
import type { Outcome } from "./outcome.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** Which outputs to read: those after a place in the call's log, or those of a range of indexes. */
export type OutputsWanted =
  | { readonly after: number; readonly limits: ReadLimits }
  | { readonly start: number; readonly end: number; readonly limits: ReadLimits };

interface Ended {
  readonly input: ScheduledInput;
  outcome: Outcome;
  entry: number;
}

/** What the log needs of the scheduler. */
export interface OutputLogSurroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly items: GeneratorItems;
  /** Stores, however often that takes, and tells when it is stored. */
  untilStored(write: () => void, stored: () => void): void;
  /** Stores that nothing is left of a call, inside the transaction of its last outputs. */
  markFinished(call: ActiveCall): void;
  /** A call has outputs that it did not have. @param isFinished whether it was marked so with them */
  grown(call: ActiveCall, isFinished: boolean): void;
}

/** The logs of outputs: appended to by the inputs that end, read by whoever waits for them. */
export class OutputLog {
  readonly #surroundings: OutputLogSurroundings;
  /** Those that ended in this turn of the event loop, which one write stores: there may be tens of thousands a second. */
  #ended: Ended[] = [];

  constructor(surroundings: OutputLogSurroundings) {
    this.#surroundings = surroundings;
  }

  append(input: ScheduledInput, outcome: Outcome): void {
    if (this.#ended.push({ input, outcome, entry: 0 }) === 1) this.#store(this.#ended);
  }

  /** Reads outputs, waiting for the first one up to `timeoutMs`; none when the time is over, or when none will come. */
  async await(
    call: ActiveCall,
    wanted: OutputsWanted,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<StoredOutput[]> {
    const { clock } = this.#surroundings;
    const deadline = clock.now() + timeoutMs;
    for (;;) {
      const outputs = this.#read(call, wanted);
      const left = deadline - clock.now();
      if (outputs.length > 0 || left <= 0 || signal?.aborted || call.ended) return outputs;
      await call.changed(left, signal);
    }
  }

  #read(call: ActiveCall, wanted: OutputsWanted): StoredOutput[] {
    const { calls } = this.#surroundings.store;
    const { number } = call.record;
    if (call.entries === 0) {
      if (!("start" in wanted) && !call.retried) call.recentOutputs.follow(0);
      return [];
    }
    if ("start" in wanted) return calls.outputsByIndex(number, wanted.start, wanted.end, wanted.limits);
    const recent = call.recentOutputs.take(wanted.after, wanted.limits);
    if (recent) return recent;
    const outputs = calls.outputsAfter(number, wanted.after, wanted.limits);
    const last = outputs.at(-1)?.entry ?? wanted.after;
    if (last >= call.entries && !call.retried) call.recentOutputs.follow(last);
    return outputs;
  }

  #store(ended: Ended[]): void {
    let finished = new Set<ActiveCall>();
    const write = () => {
      if (this.#ended === ended) this.#ended = [];
      for (const one of ended) this.#insert(one);
      finished = finishedBy(ended);
      for (const call of finished) this.#surroundings.markFinished(call);
    };
    this.#surroundings.untilStored(write, () => this.#tell(ended, finished));
  }

  #insert(one: Ended): void {
    const { store, items } = this.#surroundings;
    // Numbered when it is tried: an entry that was stored later than those after it would be behind their readers.
    one.entry = ++one.input.call.entries;
    one.outcome = items.checked(one.input, one.outcome);
    store.calls.insertOutput(one.entry, one.input.key, one.outcome);
  }

  #tell(ended: readonly Ended[], finished: ReadonlySet<ActiveCall>): void {
    for (const { input, outcome, entry } of ended) {
      input.call.finished += 1;
      input.call.recentOutputs.add(entry, input.key, outcome);
    }
    for (const call of new Set(ended.map(({ input }) => input.call))) {
      this.#surroundings.grown(call, finished.has(call));
    }
  }
}

/** The calls of which nothing is left when these outputs are committed. */
function finishedBy(ended: readonly Ended[]): Set<ActiveCall> {
  const outputs = new Map<ActiveCall, number>();
  for (const { input } of ended) outputs.set(input.call, (outputs.get(input.call) ?? 0) + 1);
  return new Set([...outputs].filter(([call, count]) => call.isDoneAfter(count)).map(([call]) => call));
}
