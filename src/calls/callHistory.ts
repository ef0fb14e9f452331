import type { CallRecord } from "./callRecord.ts";

const MAX_CALLS = 200;
const KEY = "spawnpoint.calls";

/** Where a window keeps small values: VS Code's `Memento` has this shape. */
export interface KeyValueStore {
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): Thenable<void> | Promise<void>;
}

/** The calls of this workspace, newest first, at most 200. Survives the window. */
export class CallHistory {
  readonly #store: KeyValueStore;
  readonly #listeners = new Set<() => void>();
  #records: readonly CallRecord[];

  constructor(store: KeyValueStore) {
    this.#store = store;
    const records = store.get<CallRecord[]>(KEY) ?? [];
    // The first releases knew only one target.
    this.#records = records.map((record) => ({
      ...record,
      targetId: record.targetId ?? "local",
      environmentName: record.environmentName ?? "",
    }));
  }

  get records(): readonly CallRecord[] {
    return this.#records;
  }

  find(functionCallId: string): CallRecord | undefined {
    return this.#records.find((record) => record.functionCallId === functionCallId);
  }

  /** Adds a call, or replaces what was known of it. */
  async save(record: CallRecord): Promise<void> {
    const others = this.#records.filter((other) => other.functionCallId !== record.functionCallId);
    this.#records = [record, ...others].sort((a, b) => b.createdAt - a.createdAt).slice(0, MAX_CALLS);
    for (const listener of this.#listeners) listener();
    await this.#store.update(KEY, this.#records);
  }

  /** Calls the listener after each change; the answer ends that. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
