import type { Dicts } from "../dicts/dicts.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { Queues } from "../queues/queues.ts";
import type { Clock } from "../scheduler/clock.ts";
import type { Store } from "../store/store.ts";

/** As on Modal: https://modal.com/docs/guide/dicts */
const UNUSED_ENTRY_SECONDS = 7 * 24 * 60 * 60;
/** Clients say every 300 s that they use a dict or a queue without a name. */
const SILENCE_MS = 15 * 60_000;
const LOOK_EVERY_MS = 60_000;
/** Of partitions, or entries: a few milliseconds, where partitions are not long. */
const ROWS_AT_ONCE = 500;

interface ExpiryParts {
  readonly store: Store;
  readonly payloads: Pick<PayloadFiles, "remove">;
  readonly dicts: Pick<Dicts, "delete">;
  readonly queues: Pick<Queues, "delete">;
  readonly clock: Clock;
}

/**
 * Deletes what dicts and queues need no longer: entries that nobody used for a week, partitions whose time is over, dicts and queues without a name
 * of which nobody has said for a quarter of an hour that they are in use, and what is left of those that are gone.
 */
export class Expiry {
  readonly #parts: ExpiryParts;
  /** When those without a name were last heard of. What a past engine heard counts as heard at the first look. */
  #lastHeard = new Map<string, number>();
  #stopLooking: (() => void) | undefined;
  #closed = false;

  constructor(parts: ExpiryParts) {
    this.#parts = parts;
  }

  /** Looks now, and from time to time. */
  start(): void {
    const look = () => void this.look().catch(report);
    look();
    this.#stopLooking = this.#parts.clock.every(LOOK_EVERY_MS, look);
  }

  close(): void {
    this.#closed = true;
    this.#stopLooking?.();
  }

  /** Somebody uses a dict or a queue without a name. */
  heard(objectId: string): void {
    this.#lastHeard.set(objectId, this.#parts.clock.now());
  }

  async look(): Promise<void> {
    const { store, dicts, queues } = this.#parts;
    const silent = this.#silent();
    const isGone = (kind: "di" | "qu", objectId: string) => !store.objects.get(kind, objectId);
    const goneDicts = [...store.dicts.ids()].filter((dictId) => isGone("di", dictId));
    const goneQueues = [...store.queues.ids()].filter((queueId) => isGone("qu", queueId));
    for (const dictId of [...silent.filter(isDict), ...goneDicts]) if (!this.#closed) await dicts.delete(dictId);
    for (const queueId of [...silent.filter((id) => !isDict(id)), ...goneQueues]) {
      if (!this.#closed) await queues.delete(queueId);
    }
    await this.#deletePartitions();
    await this.#deleteEntries();
  }

  async #deletePartitions(): Promise<void> {
    const { store, payloads } = this.#parts;
    const now = this.#parts.clock.unixMs() / 1_000;
    while (!this.#closed) {
      const deleted = await store.database.write(() => {
        const expired = store.queues.expired(now, ROWS_AT_ONCE);
        return { partitions: expired.length, blobIds: expired.flatMap((partition) => store.queues.clear(partition)) };
      });
      payloads.remove(deleted.blobIds);
      if (deleted.partitions < ROWS_AT_ONCE) return;
    }
  }

  async #deleteEntries(): Promise<void> {
    const { store, payloads } = this.#parts;
    const before = this.#parts.clock.unixMs() / 1_000 - UNUSED_ENTRY_SECONDS;
    while (!this.#closed) {
      const deleted = await store.database.write(() => store.dicts.deleteUnused(before, ROWS_AT_ONCE));
      payloads.remove(deleted.blobIds);
      if (deleted.entries < ROWS_AT_ONCE) return;
    }
  }

  /** Those without a name that nobody seems to use any more. */
  #silent(): string[] {
    const { clock, store } = this.#parts;
    const now = clock.now();
    const nameless = [...store.objects.all("di"), ...store.objects.all("qu")].filter(({ name }) => name === undefined);
    this.#lastHeard = new Map(nameless.map(({ objectId }) => [objectId, this.#lastHeard.get(objectId) ?? now]));
    return [...this.#lastHeard].flatMap(([objectId, at]) => (now - at > SILENCE_MS ? [objectId] : []));
  }
}

function isDict(objectId: string): boolean {
  return objectId.startsWith("di-");
}

function report(error: unknown): void {
  process.stderr.write(`What dicts and queues need no longer could not be deleted: ${String(error)}\n`);
}
