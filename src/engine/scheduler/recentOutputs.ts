import type { InputKey } from "../ids.ts";
import { inlineLength } from "../payloads/payload.ts";
import { fitting, type OutputRecord, type ReadLimits, type StoredOutput } from "../store/callStore.ts";

/** What is kept for a reader that does not come back for it: then the store alone has them. */
const MAX_OUTPUTS = 4_000;
const MAX_BYTES = 256 * 1024;

/**
 * The newest outputs of a call while somebody follows its log: they need not be read from the store that has just taken them. Each is
 * given to one reader; others, and whoever comes again, find it in the store. Not for calls whose
 * client tries inputs again: only the store knows the attempts.
 */
export class RecentOutputs {
  /** All stored outputs after this entry are here; undefined while nobody follows. */
  #after: number | undefined;
  #outputs: StoredOutput[] = [];
  #bytes = 0;

  /** Begins to keep outputs: a reader has read the store up to this entry, which is the last one. */
  follow(entry: number): void {
    this.#after ??= entry;
  }

  /** Takes an output that was stored, in the order of their entries. */
  add(entry: number, input: InputKey, output: OutputRecord): void {
    if (this.#after === undefined || entry <= this.#after) return;
    this.#outputs.push({ ...output, entry, input, retryCount: 0 });
    this.#bytes += inlineLength(output.data);
    if (this.#outputs.length > MAX_OUTPUTS || this.#bytes > MAX_BYTES) this.clear();
  }

  /** Gives those after an entry away; undefined when only the store has all of them. */
  take(after: number, limits: ReadLimits): StoredOutput[] | undefined {
    if (this.#after === undefined || after < this.#after) return undefined;
    const unread = this.#outputs.findIndex(({ entry }) => entry > after);
    const outputs = unread < 0 ? [] : fitting(this.#outputs.slice(unread), limits);
    const last = outputs.at(-1)?.entry ?? after;
    this.#outputs = unread < 0 ? [] : this.#outputs.slice(unread + outputs.length);
    this.#bytes = this.#outputs.reduce((bytes, { data }) => bytes + inlineLength(data), 0);
    this.#after = Math.max(this.#after, last);
    return outputs;
  }

  /** Keeps nothing until somebody follows again. */
  clear(): void {
    this.#after = undefined;
    this.#outputs = [];
    this.#bytes = 0;
  }
}
