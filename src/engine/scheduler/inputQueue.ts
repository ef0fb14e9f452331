import type { ActiveCall } from "./activeCall.ts";
import { FairQueue } from "./fairQueue.ts";
import type { Batching } from "./scaling.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

const ONE_BY_ONE: Batching = { maxSize: 1, waitMs: 0 };

/** Where a function's inputs wait, and become batches: each of inputs of one method, from whichever calls. */
export class InputQueue {
  /** By method where there are batches, and all in one where not. Insertion order is the order of turns. */
  readonly #queues = new Map<string, FairQueue>();
  #batching: Batching | undefined;
  #size = 0;

  constructor(batching: Batching | undefined) {
    this.#batching = batching;
  }

  get size(): number {
    return this.#size;
  }

  /** Goes on with other batches; inputs stay in the order of their calls. */
  reshape(batching: Batching | undefined): void {
    const inputs = this.removeAll();
    this.#batching = batching;
    for (const input of inputs) this.#add(input).push(input);
  }

  push(input: ScheduledInput, now: number): void {
    input.queuedAt = now;
    this.#add(input).push(input);
  }

  /** Puts an input back where it stood in its call: it had its turn already, and its batch has waited. */
  putBack(input: ScheduledInput): void {
    this.#add(input).putBack(input);
  }

  /**
   * Takes the next batch that is due: a full one, or one that has waited long enough.
   *
   * @param onlyFull leaves batches that could still grow
   * @returns nothing when none is due
   */
  shift(now: number, onlyFull: boolean): ScheduledInput[] {
    for (const [method, queue] of this.#queues) {
      if (this.#isFull(queue) || (!onlyFull && this.#dueAt(queue) <= now)) return this.#take(method, queue);
    }
    return [];
  }

  /** When the next batch is due, in milliseconds; undefined when nothing waits. */
  get dueAt(): number | undefined {
    if (this.#size === 0) return undefined;
    return Math.min(...[...this.#queues.values()].map((queue) => this.#dueAt(queue)));
  }

  /** Takes out all inputs of a call. */
  remove(call: ActiveCall): ScheduledInput[] {
    return this.#takeFromAll((queue) => queue.remove(call));
  }

  /** Takes out everything. */
  removeAll(): ScheduledInput[] {
    return this.#takeFromAll((queue) => queue.removeAll());
  }

  #add(input: ScheduledInput): FairQueue {
    const method = (this.#batching && input.methodName) ?? "";
    let queue = this.#queues.get(method);
    if (!queue) {
      queue = new FairQueue();
      this.#queues.set(method, queue);
    }
    this.#size += 1;
    return queue;
  }

  #isFull(queue: FairQueue): boolean {
    return queue.size >= this.#limits.maxSize;
  }

  #dueAt(queue: FairQueue): number {
    return this.#isFull(queue) ? 0 : queue.oldestAt + this.#limits.waitMs;
  }

  get #limits(): Batching {
    return this.#batching ?? ONE_BY_ONE;
  }

  #take(method: string, queue: FairQueue): ScheduledInput[] {
    const batch: ScheduledInput[] = [];
    while (batch.length < this.#limits.maxSize) {
      const input = queue.shift();
      if (!input) break;
      batch.push(input);
    }
    this.#size -= batch.length;
    if (queue.size > 0 && this.#queues.size === 1) return batch;
    this.#queues.delete(method);
    if (queue.size > 0) this.#queues.set(method, queue);
    return batch;
  }

  #takeFromAll(take: (queue: FairQueue) => ScheduledInput[]): ScheduledInput[] {
    const taken = [...this.#queues.values()].flatMap(take);
    for (const [method, queue] of this.#queues) if (queue.size === 0) this.#queues.delete(method);
    this.#size -= taken.length;
    return taken;
  }
}
