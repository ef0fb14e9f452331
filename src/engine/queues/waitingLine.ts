import { Changes } from "../changes.ts";
import type { Payload } from "../payloads/payload.ts";
import type { Database } from "../store/database.ts";

/** How long a request waits for items. */
export interface Patience {
  readonly timeoutMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal | undefined;
}

interface Getter {
  readonly count: number;
  readonly signal: AbortSignal | undefined;
  readonly served: Changes;
  /** What it was given, when that is committed. */
  values: readonly Payload[];
}

/**
 * Those who wait at one partition of a queue. Who came first is served first, and by whoever puts items: an item wakes one getter, however many wait.
 * One that has gone leaves nothing behind and is given nothing.
 */
export class WaitingLine {
  /** Tells of items that stay for a moment at least. */
  readonly added = new Changes();
  /** How many look at this. */
  users = 0;
  readonly #database: Database;
  readonly #take: (count: number) => Payload[];
  readonly #getters = new Set<Getter>();
  /** Their items are not committed yet. */
  readonly #justServed: Getter[] = [];

  /** @param take removes the first items of the partition, up to a count, inside the transaction of its caller */
  constructor(database: Database, take: (count: number) => Payload[]) {
    this.#database = database;
    this.#take = take;
  }

  /** Takes the first items, or waits for some behind all who wait already. None when the time is over. */
  async take(count: number, { timeoutMs, signal }: Patience): Promise<readonly Payload[]> {
    const getter: Getter = { count, signal, served: new Changes(), values: [] };
    this.#getters.add(getter);
    try {
      await this.serving(() => {});
      if (getter.values.length === 0 && timeoutMs > 0) await getter.served.next(timeoutMs, signal);
      return getter.values;
    } finally {
      this.#getters.delete(getter);
    }
  }

  /** Runs `write` in the next transaction. Who waits is served in the same one, so that an item that is waited for costs no second commit. */
  async serving<T>(write: () => T): Promise<T> {
    try {
      const written = await this.#database.write(() => {
        const written = write();
        this.#serve();
        return written;
      });
      for (const getter of this.#justServed.splice(0)) getter.served.tell();
      return written;
    } catch (error) {
      for (const getter of this.#justServed.splice(0)) getter.values = []; // They wait on: nothing was taken.
      throw error;
    }
  }

  #serve(): void {
    for (const getter of this.#getters) {
      if (getter.values.length > 0 || getter.signal?.aborted) continue;
      getter.values = this.#take(getter.count);
      if (getter.values.length === 0) return;
      this.#justServed.push(getter);
    }
  }
}
