import { Changes } from "../changes.ts";
import type { CallProgress, CallRecord } from "../store/callStore.ts";
import { RecentOutputs } from "./recentOutputs.ts";

/** A function call that something is happening to. What is not here is read from the store. */
export class ActiveCall {
  readonly record: CallRecord;
  closed: boolean;
  cancelled: boolean;
  /** It could not be stored, so there is no such call, although a container may have its inputs. */
  isRefused = false;
  /** Its client has tried inputs again. */
  retried: boolean;
  /** Inputs that were acknowledged. */
  inputs: number;
  readonly recentOutputs = new RecentOutputs();
  /** The number of the newest entry in the call's log. */
  entries: number;
  /** Inputs whose final output is committed. */
  finished: number;
  /** Requests for more work that are being stored. */
  arriving = 0;
  /** When somebody last asked for it or added to it, in unix milliseconds. */
  usedAt = 0;
  readonly #changes = new Changes();

  constructor(record: CallRecord, progress: CallProgress) {
    this.record = record;
    this.closed = record.closed;
    this.cancelled = record.cancelled;
    this.retried = progress.retried;
    this.inputs = progress.inputs;
    this.entries = progress.entries;
    this.finished = progress.inputs - (progress.byStatus.get(0) ?? 0);
  }

  get unfinished(): number {
    return this.inputs - this.finished;
  }

  /** Somebody waits for its next change. */
  get isWatched(): boolean {
    return this.#changes.isWatched;
  }

  /** Nothing is left to do, nor will be. */
  get ended(): boolean {
    return this.closed && this.unfinished === 0;
  }

  /** Nothing is left to do; where the client retries, more may come. */
  get isDone(): boolean {
    return this.isDoneAfter(0);
  }

  /** Whether nothing is left to do when so many more outputs are committed. */
  isDoneAfter(outputs: number): boolean {
    const mayBeLast = this.closed || this.record.retriedByClient;
    return mayBeLast && this.unfinished === outputs && this.arriving === 0;
  }

  /** Nobody waits for it and nothing is left to do. */
  get idle(): boolean {
    return this.isDone && !this.isWatched;
  }

  /** Lets nothing come of it any more. */
  refuse(): void {
    this.isRefused = true;
    this.cancelled = true;
    this.closed = true;
    this.inputs = this.finished;
  }

  /** Wakes everybody who waits in {@link changed}. */
  notify(): void {
    this.#changes.tell();
  }

  /** Resolves at the next change, after `timeoutMs`, or when the signal aborts; whichever is first. */
  changed(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    return this.#changes.next(timeoutMs, signal);
  }
}
