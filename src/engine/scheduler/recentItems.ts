import { inlineLength } from "../payloads/payload.ts";
import type { StoredItem } from "../store/itemStore.ts";

/** What is kept for a reader that does not come back for it: then the store alone has them. */
const MAX_ITEMS = 16_000;
const MAX_BYTES = 256 * 1024;

/**
 * The newest items of a generator while somebody reads along: to fetch them from the store that has just taken them takes a tenth of the
 * time that the engine has for them. Each is given to one reader; others, and whoever comes again, find it in the store.
 */
export class RecentItems {
  /** All stored items after this index are here; undefined while nobody follows. */
  #after: number | undefined;
  #items: StoredItem[] = [];
  #bytes = 0;

  /** Begins to keep items: a reader has had all that are stored, up to this index. */
  follow(index: number): void {
    this.#after ??= index;
  }

  /** Takes items that were stored, in their order. */
  add(items: readonly StoredItem[]): void {
    const after = this.#after;
    if (after === undefined) return;
    for (const item of items) {
      if (item.index <= after) continue;
      this.#items.push(item);
      this.#bytes += inlineLength(item.data);
    }
    if (this.#items.length > MAX_ITEMS || this.#bytes > MAX_BYTES) this.#clear();
  }

  /** Gives those after an index away; undefined when only the store has all of them. */
  take(after: number): StoredItem[] | undefined {
    if (this.#after === undefined || after < this.#after) return undefined;
    const items = after === this.#after ? this.#items : this.#items.filter(({ index }) => index > after);
    this.#clear();
    this.#after = items.at(-1)?.index ?? after;
    return items;
  }

  /** Keeps nothing until somebody follows again. */
  #clear(): void {
    this.#after = undefined;
    this.#items = [];
    this.#bytes = 0;
  }
}
