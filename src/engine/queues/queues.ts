import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { isFile, type Payload } from "../payloads/payload.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { Clock } from "../scheduler/clock.ts";
import type { Partition } from "../store/queueStore.ts";
import type { Store } from "../store/store.ts";
import { type Patience, WaitingLine } from "./waitingLine.ts";

/** Modal's limits: https://modal.com/docs/guide/queues */
const MAX_ITEMS = 5_000;
const MAX_PARTITIONS = 100_000;
const MAX_ITEM_BYTES = 1024 * 1024;
const MAX_KEY_BYTES = 64;
const DEFAULT_TTL_SECONDS = 24 * 60 * 60;

const READ_LIMITS = { maxItems: 100, maxBytes: 4 * 1024 * 1024 };
/** As much as one answer brings, however many are wanted. */
const MAX_TAKEN_BYTES = 32 * 1024 * 1024;

export interface QueueItem {
  /** What the reader asks for those after it by. */
  readonly entryId: string;
  readonly value: Uint8Array;
}

interface QueueParts {
  readonly store: Store;
  readonly payloads: PayloadFiles;
  readonly clock: Clock;
}

/** There is no room for now. */
export class QueueFullError extends RpcError {
  constructor(message: string) {
    super(RpcStatus.RESOURCE_EXHAUSTED, message);
  }
}

/**
 * What queues are asked for and told. Every method throws an RpcError NOT_FOUND where there is no such queue and INVALID_ARGUMENT for what Modal does not
 * take, and those that change something a NotStoredError where the store does not take it.
 */
export class Queues {
  readonly #parts: QueueParts;
  /** Of partitions at which somebody waits. */
  readonly #lines = new Map<string, WaitingLine>();

  constructor(parts: QueueParts) {
    this.#parts = parts;
  }

  /**
   * Adds values at the end of a partition: all of them or none.
   *
   * @param ttlSeconds so long the partition is kept without another put; 0 is a day
   * @throws QueueFullError where there is no room for them now
   */
  async put(partition: Partition, values: readonly Uint8Array[], ttlSeconds: number): Promise<void> {
    this.#check(partition);
    checkValues(values);
    if (values.length === 0) return;
    const { payloads } = this.#parts;
    const kept = await Promise.all(values.map((value) => payloads.keep(value)));
    const { refusal, unused } = await this.#inLine(partition, async (line) => {
      const result = await line.serving(() =>
        this.#append(partition, kept, ttlSeconds > 0 ? ttlSeconds : DEFAULT_TTL_SECONDS),
      );
      line.added.tell();
      return result;
    });
    payloads.remove(unused);
    if (refusal) throw refusal;
  }

  /** Removes the first items, up to `count` of them and as many as an answer holds, waiting for the first one. None when the time is over. */
  async take(partition: Partition, count: number, patience: Patience): Promise<Uint8Array[]> {
    this.#check(partition);
    if (count < 1) throw new RpcError(RpcStatus.INVALID_ARGUMENT, "A get of a queue takes one value at least.");
    const values = await this.#inLine(partition, (line) => line.take(count, patience));
    return values.map((value) => this.#parts.payloads.readLast(value));
  }

  /** The items after one, which stay, waiting for the first of them. None when the time is over. */
  async next(partition: Partition, afterEntryId: string, patience: Patience): Promise<QueueItem[]> {
    this.#check(partition);
    const after = Number(afterEntryId);
    if (!Number.isSafeInteger(after)) {
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, `"${afterEntryId}" is not the id of an item.`);
    }
    const { store, payloads, clock } = this.#parts;
    const deadline = clock.now() + patience.timeoutMs;
    return this.#inLine(partition, async (line) => {
      for (;;) {
        const items = store.queues.after(partition, after, READ_LIMITS, this.#now());
        const left = deadline - clock.now();
        if (items.length > 0 || !(left > 0) || patience.signal?.aborted) {
          return items.map(({ number, value }) => ({ entryId: String(number), value: payloads.read(value) }));
        }
        await line.added.next(left, patience.signal);
      }
    });
  }

  length(partition: Partition): number {
    this.#check(partition);
    return this.#parts.store.queues.length(partition, this.#now());
  }

  /** How many partitions and items a queue has. */
  size(queueId: string): { readonly partitions: number; readonly items: number } {
    this.#parts.store.objects.found("qu", queueId);
    return this.#parts.store.queues.size(queueId, this.#now());
  }

  async clear(partition: Partition): Promise<void> {
    this.#check(partition);
    const { store, payloads } = this.#parts;
    payloads.remove(await store.database.write(() => store.queues.clear(partition)));
  }

  /** Clears all partitions. */
  async clearAll(queueId: string): Promise<void> {
    this.#parts.store.objects.found("qu", queueId);
    const { store, payloads } = this.#parts;
    payloads.remove(await store.database.write(() => store.queues.clearAll(queueId)));
  }

  /** Deletes a queue, or what is left of one, with its items. */
  async delete(queueId: string): Promise<void> {
    const { store, payloads } = this.#parts;
    const blobIds = await store.database.write(() => {
      store.objects.delete(queueId);
      return store.queues.clearAll(queueId);
    });
    payloads.remove(blobIds);
  }

  async #inLine<T>(partition: Partition, wait: (line: WaitingLine) => Promise<T>): Promise<T> {
    const { database, queues } = this.#parts.store;
    const name = nameOf(partition);
    const line =
      this.#lines.get(name) ??
      new WaitingLine(database, (count) =>
        queues.take(partition, { maxItems: count, maxBytes: MAX_TAKEN_BYTES }, this.#now()),
      );
    this.#lines.set(name, line);
    line.users++;
    try {
      return await wait(line);
    } finally {
      line.users--;
      if (line.users === 0) this.#lines.delete(name);
    }
  }

  /** Inside a transaction, which has other requests too: a refusal is returned and not thrown. */
  #append(partition: Partition, values: readonly Payload[], ttlSeconds: number) {
    const { queues } = this.#parts.store;
    const refusal = this.#refusal(partition, values.length);
    if (refusal) return { refusal, unused: filesOf(values) };
    const now = this.#now();
    const expired = queues.length(partition, now) === 0 ? queues.clear(partition) : [];
    queues.append(partition, values, now + ttlSeconds);
    return { unused: expired };
  }

  #refusal(partition: Partition, count: number): QueueFullError | undefined {
    const { queues } = this.#parts.store;
    const items = queues.length(partition, this.#now());
    if (items + count > MAX_ITEMS) {
      const message = `The queue is full: ${items} of the ${MAX_ITEMS} items that a partition can have are there; get some of them first.`;
      return new QueueFullError(message);
    }
    if (items > 0 || queues.size(partition.queueId, this.#now()).partitions < MAX_PARTITIONS) return undefined;
    const message = `The queue is full: it has ${MAX_PARTITIONS} partitions; clear some of them first.`;
    return new QueueFullError(message);
  }

  #check({ queueId, key }: Partition): void {
    this.#parts.store.objects.found("qu", queueId);
    if (key.length <= MAX_KEY_BYTES) return;
    const message = `The key of a partition has ${MAX_KEY_BYTES} bytes at most, and this one has ${key.length}; take a shorter one.`;
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, message);
  }

  #now(): number {
    return this.#parts.clock.unixMs() / 1_000;
  }
}

/** What would never fit is no matter of trying again later. */
function checkValues(values: readonly Uint8Array[]): void {
  if (values.length > MAX_ITEMS) {
    const message = `A partition of a queue can have ${MAX_ITEMS} items, and these are ${values.length}; put fewer at a time.`;
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, message);
  }
  const tooLong = values.find(({ length }) => length > MAX_ITEM_BYTES);
  if (!tooLong) return;
  // Modal's Python client knows by these words that the request was too large.
  const message = `An item of a queue can have 1 MiB, and this one has ${tooLong.length} bytes (status = '413'); put less, or a reference to it.`;
  throw new RpcError(RpcStatus.INVALID_ARGUMENT, message);
}

function nameOf({ queueId, key }: Partition): string {
  return `${queueId}/${Buffer.from(key).toString("hex")}`;
}

function filesOf(values: readonly Payload[]): string[] {
  return values.flatMap((value) => (isFile(value) ? [value.blobId] : []));
}
