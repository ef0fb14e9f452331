import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { Payload } from "../payloads/payload.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { Clock } from "../scheduler/clock.ts";
import type { DictEntryRecord } from "../store/dictStore.ts";
import type { Store } from "../store/store.ts";

/** Modal's limits: https://modal.com/docs/guide/dicts */
const MAX_ENTRIES_AT_ONCE = 10_000;
const MAX_LENGTH_TOLD = 100_000;

const PAGE_ENTRIES = 1_000;
const PAGE_BYTES = 4 * 1024 * 1024;
/** A use is not written down again before: reading would cost a write each time. */
const USE_COUNTS_SECONDS = 60 * 60;

/** Key and value as their client serialized them. */
export interface DictEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

interface DictParts {
  readonly store: Store;
  readonly payloads: PayloadFiles;
  readonly clock: Pick<Clock, "unixMs">;
}

/**
 * What dicts are asked for and told. Keys are the same when their bytes are. Every method throws an RpcError NOT_FOUND where there is no such dict,
 * and those that change something a NotStoredError where the store does not take it.
 */
export class Dicts {
  readonly #parts: DictParts;

  constructor(parts: DictParts) {
    this.#parts = parts;
  }

  /** The value of a key, if it is there. */
  get(dictId: string, key: Uint8Array): Uint8Array | undefined {
    this.#parts.store.objects.found("di", dictId);
    const { store, payloads } = this.#parts;
    const entry = store.dicts.get(dictId, key);
    if (!entry) return undefined;
    this.#used(dictId, [entry]);
    return payloads.read(entry.value);
  }

  has(dictId: string, key: Uint8Array): boolean {
    this.#parts.store.objects.found("di", dictId);
    return this.#parts.store.dicts.has(dictId, key);
  }

  /**
   * Puts entries; of one that is only to be put where its key is new, says whether it was.
   *
   * @throws RpcError INVALID_ARGUMENT for more entries than Modal takes
   */
  async update(dictId: string, entries: readonly DictEntry[], onlyNew = false): Promise<boolean> {
    this.#parts.store.objects.found("di", dictId);
    if (entries.length > MAX_ENTRIES_AT_ONCE) {
      const message = `An update of a dict takes ${MAX_ENTRIES_AT_ONCE} entries at most, and this one has ${entries.length}; update it in parts.`;
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, message);
    }
    if (onlyNew && entries.length !== 1) {
      throw new RpcError(RpcStatus.INVALID_ARGUMENT, "Only one entry at a time can be put if its key is new.");
    }
    const { store, payloads } = this.#parts;
    const usedAt = this.#now();
    const kept = await Promise.all(
      entries.map(async ({ key, value }) => ({ key, value: await payloads.keep(value), usedAt })),
    );
    const { isPut, unused } = await store.database.write(() => {
      const isPut = !(onlyNew && kept.some(({ key }) => store.dicts.has(dictId, key)));
      const unused = isPut ? kept.flatMap((entry) => store.dicts.put(dictId, entry)) : filesOf(kept);
      return { isPut, unused };
    });
    payloads.remove(unused);
    return isPut;
  }

  /** Removes a key and returns its value, if it was there. */
  async pop(dictId: string, key: Uint8Array): Promise<Uint8Array | undefined> {
    this.#parts.store.objects.found("di", dictId);
    const { store, payloads } = this.#parts;
    const value = await store.database.write(() => store.dicts.take(dictId, key));
    return value && payloads.readLast(value);
  }

  /** How many entries there are, and 100,000 where there are more. */
  length(dictId: string): number {
    this.#parts.store.objects.found("di", dictId);
    return this.#parts.store.dicts.count(dictId, MAX_LENGTH_TOLD);
  }

  async clear(dictId: string): Promise<void> {
    this.#parts.store.objects.found("di", dictId);
    const { store, payloads } = this.#parts;
    payloads.remove(await store.database.write(() => store.dicts.clear(dictId)));
  }

  /** Deletes a dict, or what is left of one, with its entries. */
  async delete(dictId: string): Promise<void> {
    const { store, payloads } = this.#parts;
    const blobIds = await store.database.write(() => {
      store.objects.delete(dictId);
      return store.dicts.clear(dictId);
    });
    payloads.remove(blobIds);
  }

  /** The entries after a key, some at a time; none at the end. Values are read only where they are wanted. */
  page(dictId: string, after: Uint8Array, wantsValues: boolean): DictEntry[] {
    this.#parts.store.objects.found("di", dictId);
    const { store, payloads } = this.#parts;
    const entries = store.dicts.after(dictId, after, PAGE_ENTRIES, wantsValues ? PAGE_BYTES : Number.POSITIVE_INFINITY);
    this.#used(dictId, entries);
    return entries.map(({ key, value }) => ({ key, value: wantsValues ? payloads.read(value) : NOTHING }));
  }

  #used(dictId: string, entries: readonly DictEntryRecord[]): void {
    const now = this.#now();
    const keys = entries.filter(({ usedAt }) => usedAt < now - USE_COUNTS_SECONDS).map(({ key }) => key);
    if (keys.length === 0) return;
    const { database, dicts } = this.#parts.store;
    // Where this cannot be stored, the entry only counts as unused for longer than it was.
    database.write(() => dicts.touch(dictId, keys, now)).catch(() => {});
  }

  #now(): number {
    return this.#parts.clock.unixMs() / 1_000;
  }
}

const NOTHING = new Uint8Array();

function filesOf(entries: readonly { readonly value: Payload }[]): string[] {
  return entries.flatMap(({ value }) => ("blobId" in value ? [value.blobId] : []));
}
