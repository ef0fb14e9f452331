import type { CallRecord } from "./callRecord.ts";
import type { ConnectCallServer } from "./callServer.ts";
import { type CallEvent, CallState } from "./callState.ts";
import type { CallSummary, ResultValue } from "./model.ts";
import type { ExportFormat } from "./results/exportedResults.ts";
import type { OpenedValue } from "./results/openedValue.ts";
import type { RawResult } from "./results/rawResult.ts";
import type { ResultRows } from "./results/resultRows.ts";
import type { ResultValues } from "./results/resultValues.ts";
import type { Latency, LatencyWanted, WaterfallWanted, WaterfallWindow } from "./times/timeModel.ts";
import type { Waterfall } from "./times/waterfall.ts";
import { wholeSpan } from "./times/wholeSpan.ts";

export type CallListener = (event: CallEvent) => void;

/** News is collected for so long before listeners hear of it. */
const BATCH_MS = 50;

/**
 * Follows one function call while somebody listens: its results, its function's stats, its call graph and logs.
 * What was learned stays when the last listener goes, and following goes on from there with the next one.
 * Values are never kept, only their summaries. The client is loaded when a server is first asked.
 */
export class CallWatch {
  readonly #connect: ConnectCallServer;
  readonly #state: CallState;
  #values: Promise<ResultValues> | undefined;
  #waterfall: Waterfall | undefined;
  readonly #listeners = new Set<CallListener>();
  #following: AbortController | undefined;
  #batch: NodeJS.Timeout | undefined;

  /** @param connect asked whenever the server is needed, so that it may come back elsewhere */
  constructor(record: CallRecord, connect: ConnectCallServer) {
    this.#connect = connect;
    this.#state = new CallState(record, () => this.#schedule());
  }

  get summary(): CallSummary {
    return this.#state.summary;
  }

  /** The results so far. Listeners hear when there are more. */
  get rows(): ResultRows {
    return this.#state.rows;
  }

  /** Aborted when the call is seen to have finished. */
  get ended(): AbortSignal {
    return this.#state.finished;
  }

  /**
   * Calls the listener with everything known now, then with what is new, at most 20 times a second. The answer ends
   * that; when the last listener has gone, all polling stops.
   */
  subscribe(listener: CallListener): () => void {
    const entry: CallListener = (event) => listener(event);
    this.#flush();
    for (const event of this.#state.everything()) entry(event);
    this.#listeners.add(entry);
    if (!this.#following && !this.#state.isComplete) this.#follow();
    return () => {
      this.#listeners.delete(entry);
      if (this.#listeners.size === 0) this.#stop();
    };
  }

  /** Resolves once the call has finished; follows it until then. Rejects with the signal's reason. */
  async finished(signal: AbortSignal): Promise<CallSummary> {
    const unsubscribe = this.subscribe(() => undefined);
    try {
      await aborted(AbortSignal.any([signal, this.#state.finished]));
      signal.throwIfAborted();
      return this.summary;
    } finally {
      unsubscribe();
    }
  }

  /** Says whether somebody looks at the call graph, which is read only then. */
  showGraph(isShown: boolean): void {
    this.#state.isGraphShown = isShown;
    if (isShown) this.#readAgain();
    else this.#state.forgetGraph();
  }

  /** Says whether somebody looks at the waterfall: containers are asked for only then. */
  showWaterfall(isShown: boolean): void {
    this.#state.isWaterfallShown = isShown;
    if (isShown) this.#readAgain();
  }

  /** A part of the call's inputs by container, over time, as they stand now. */
  async waterfall(wanted: WaterfallWanted): Promise<WaterfallWindow> {
    const { Waterfall } = await import("./times/waterfall.ts");
    this.#waterfall ??= new Waterfall(this.#state);
    return this.#waterfall.window(wanted, Date.now());
  }

  /** How long the inputs ran that finished in each step of a time. */
  async latency(wanted: LatencyWanted): Promise<Latency> {
    const { latencyOf } = await import("./times/latency.ts");
    return latencyOf(this.rows.all(), wholeSpan(this.#state, Date.now()), wanted);
  }

  /**
   * The whole value of one result, fetched from the server.
   *
   * @throws ModalError the server does not have it, or does not answer
   */
  async value(index: number): Promise<ResultValue> {
    return (await this.opened(index)).whole;
  }

  /**
   * The value of one result, to be looked at by parts.
   *
   * @throws ModalError the server does not have it, or does not answer
   */
  async opened(index: number): Promise<OpenedValue> {
    this.#values ??= this.#loadValues();
    return (await this.#values).value(index);
  }

  /**
   * One result as a file has it, fetched from the server.
   *
   * @throws ModalError the server does not have it, or does not answer
   */
  async raw(index: number): Promise<RawResult> {
    this.#values ??= this.#loadValues();
    return (await this.#values).raw(index);
  }

  /**
   * The results so far as the text of a file, piece by piece; see `exportedResults`.
   *
   * @throws ModalError the server does not answer, or no longer has a value
   */
  async *exported(format: ExportFormat, signal: AbortSignal): AsyncGenerator<string> {
    const { functionCallId, isGenerator } = this.summary;
    const { size: count, columns } = this.rows;
    const { exportedResults } = await import("./results/exportedResults.ts");
    yield* exportedResults(await this.#connect(), { functionCallId, isGenerator, format, count, columns, signal });
  }

  /** Asks the server to cancel every unfinished input, and the calls that they made. */
  async cancel(options: { terminateContainers: boolean }): Promise<void> {
    const server = await this.#connect();
    await server.calls.fromId(this.summary.functionCallId).cancel(options);
  }

  #follow(): void {
    const following = new AbortController();
    this.#following = following;
    void import("./followCall.ts").then(({ followCall }) => followCall(this.#state, this.#connect, following.signal));
  }

  /** A finished call is followed no more; what somebody looks at now was perhaps not read. */
  #readAgain(): void {
    if (!this.ended.aborted || this.#listeners.size === 0) return;
    this.#stop();
    this.#follow();
  }

  async #loadValues(): Promise<ResultValues> {
    const { ResultValues } = await import("./results/resultValues.ts");
    const { summary } = this.#state;
    return new ResultValues(summary.functionCallId, this.#connect, () => this.#state.summary.isGenerator);
  }

  #stop(): void {
    this.#following?.abort();
    this.#following = undefined;
    clearTimeout(this.#batch);
    this.#batch = undefined;
  }

  #schedule(): void {
    if (this.#listeners.size > 0) this.#batch ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  #flush(): void {
    clearTimeout(this.#batch);
    this.#batch = undefined;
    for (const event of this.#state.takeNews()) {
      for (const listener of this.#listeners) listener(event);
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
