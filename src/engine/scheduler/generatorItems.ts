import { DataFormat, GenericResult_GenericStatus as Status } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { ItemRecord, StoredItem } from "../store/itemStore.ts";
import { reasonOf } from "../store/notStoredError.ts";
import type { Store } from "../store/store.ts";
import type { ActiveCall } from "./activeCall.ts";
import type { Clock } from "./clock.ts";
import type { Outcome } from "./outcome.ts";
import { RecentItems } from "./recentItems.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** What one read takes from the store: a reader that rests keeps no more than this in memory. */
const MAX_ITEMS = 1_000;
const MAX_BYTES = 1024 * 1024;

/** How far one run of a generator is. */
interface Progress {
  /** Items so far. */
  made: number;
  /** The newest of them, which the next transaction stores. */
  unwritten: StoredItem[];
  /** Items that readers may have. */
  committed: number;
  /** The newest of these, for who reads along. */
  readonly recent: RecentItems;
  isRead: boolean;
  /** Why the items are not complete. */
  fault: string | undefined;
}

/**
 * The items of generators. They go from the container to the store and from there to whoever reads them, so nobody's pace
 * fills the memory, and every reader may come back for what it has not seen.
 *
 * A generator that must run again starts its items over, as long as nobody was given one; afterwards it cannot be run again, for
 * its second run may yield something else.
 */
export class GeneratorItems {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #removeFiles: (blobIds: readonly string[]) => void;
  readonly #progress = new WeakMap<ActiveCall, Progress>();

  /** @param removeFiles removes the files of payloads that no row names any more */
  constructor(store: Store, clock: Clock, removeFiles: (blobIds: readonly string[]) => void) {
    this.#store = store;
    this.#clock = clock;
    this.#removeFiles = removeFiles;
  }

  append({ call }: ScheduledInput, item: ItemRecord): void {
    const progress = this.#of(call);
    if (progress.fault !== undefined) return;
    progress.made += 1;
    const { dataFormat, data } = item;
    // One write for all that come in the same turn: there may be tens of thousands a second.
    if (progress.unwritten.push({ index: progress.made, dataFormat, data }) === 1) this.#writeItems(call, progress);
  }

  /** Takes back what an input yielded, so that it can run again. False when it must not: somebody has read some of it. */
  startOver({ call }: Pick<ScheduledInput, "call">): boolean {
    const { made, isRead } = this.#of(call);
    if (made === 0) return true;
    if (isRead) return false;
    const progress = newProgress(0, false);
    this.#progress.set(call, progress);
    let files: readonly string[] = [];
    const write = () => {
      files = this.#store.items.delete(call.record.number).blobIds;
    };
    this.#write(progress, write, () => this.#removeFiles(files));
    return true;
  }

  /** The outcome itself, or a failure when not everything that the input yielded could be kept. */
  checked({ call }: ScheduledInput, outcome: Outcome): Outcome {
    const fault = this.#progress.get(call)?.fault;
    if (fault === undefined || outcome.status !== Status.SUCCESS) return outcome;
    const nothing = { dataFormat: DataFormat.UNSPECIFIED, data: new Uint8Array() };
    return { ...outcome, ...nothing, status: Status.INTERNAL_FAILURE, exception: fault };
  }

  /**
   * Some of the items after an index, waiting for the first one up to `timeoutMs`.
   *
   * @returns no items when the time is over, or when none will come
   */
  async after(call: ActiveCall, index: number, timeoutMs: number, signal: AbortSignal): Promise<StoredItem[]> {
    const deadline = this.#clock.now() + timeoutMs;
    for (;;) {
      const progress = this.#of(call);
      if (progress.committed > index) {
        await this.#markRead(call, progress);
        return this.#read(call, progress, index);
      }
      progress.recent.follow(index);
      const left = deadline - this.#clock.now();
      if (left <= 0 || signal.aborted || call.ended) return [];
      await call.changed(left, signal);
    }
  }

  /**
   * Gives out what comes after an index, until the signal aborts. Ends when the input has failed and everything before that was
   * given. Where it succeeded the stream is held: its reader knows from the output how many items there are.
   */
  async *follow(call: ActiveCall, index: number, signal: AbortSignal): AsyncGenerator<StoredItem[]> {
    let last = index;
    while (!signal.aborted) {
      const items = await this.after(call, last, Number.POSITIVE_INFINITY, signal);
      last = items.at(-1)?.index ?? last;
      if (items.length > 0) yield items;
      else if (call.ended && this.#failed(call)) return;
      else if (call.ended) await call.changed(Number.POSITIVE_INFINITY, signal);
    }
  }

  #read(call: ActiveCall, { recent, committed }: Progress, index: number): StoredItem[] {
    const kept = recent.take(index);
    if (kept && kept.length > 0) return kept;
    const items = this.#store.items.after(call.record.number, index, MAX_ITEMS, MAX_BYTES);
    const last = items.at(-1)?.index ?? index;
    if (last >= committed) recent.follow(last);
    return items;
  }

  #failed(call: ActiveCall): boolean {
    return this.#store.calls.inputStatuses(call.record.number).every(({ status }) => status !== Status.SUCCESS);
  }

  async #markRead(call: ActiveCall, progress: Progress): Promise<void> {
    if (progress.isRead) return;
    // At once: from here on the generator is not run again.
    progress.isRead = true;
    try {
      await this.#store.database.write(() => this.#store.items.markRead(call.record.number));
    } catch (error) {
      progress.isRead = false;
      const sentence = `${notStored(error)}, so no item can be given out; make room on the disk and read it again.`;
      throw new RpcError(RpcStatus.RESOURCE_EXHAUSTED, sentence, { cause: error });
    }
  }

  #writeItems(call: ActiveCall, progress: Progress): void {
    let written: StoredItem[] = [];
    const write = () => {
      written = progress.unwritten;
      progress.unwritten = [];
      for (const item of written) this.#store.items.insert(call.record.number, item);
    };
    this.#write(progress, write, () => {
      progress.committed = written.at(-1)?.index ?? progress.committed;
      progress.recent.add(written);
      call.notify();
    });
  }

  #write(progress: Progress, write: () => void, committed: () => void = () => {}): void {
    this.#store.database.write(write).then(committed, (error: unknown) => {
      progress.fault ??= `${notStored(error)}, so items are missing; make room on the disk and call the function again.`;
    });
  }

  #of(call: ActiveCall): Progress {
    let progress = this.#progress.get(call);
    if (!progress) {
      const { items, isRead } = this.#store.items.progress(call.record.number);
      progress = newProgress(items, isRead);
      this.#progress.set(call, progress);
    }
    return progress;
  }
}

function newProgress(items: number, isRead: boolean): Progress {
  return { made: items, unwritten: [], committed: items, recent: new RecentItems(), isRead, fault: undefined };
}

function notStored(error: unknown): string {
  return `The engine could not write to its store (${reasonOf(error)})`;
}
