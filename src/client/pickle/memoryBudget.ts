import { tooLarge } from "./damage.ts";

/** What one result may take of this process's memory. The largest payloads of numbers and text stay far below. */
const MAX_BYTES = 512 * 1024 * 1024;

/** About what V8 takes for an empty map, list or object, and for a place in one. */
const OBJECT_BYTES = 160;
const ITEM_BYTES = 16;

/** Counts what a pickle makes, since one byte of it can make an object, and six bytes can copy a list of any length. */
export class MemoryBudget {
  #used = 0;

  /** @throws DeserializationError when there is no room for one more object with so many items */
  spendObject(items = 0): void {
    this.spendBytes(OBJECT_BYTES + items * ITEM_BYTES);
  }

  /** @throws DeserializationError when there is no room for so many items in an object that was counted before */
  spendItems(items: number): void {
    this.spendBytes(items * ITEM_BYTES);
  }

  /** @throws DeserializationError when there is no room for so many bytes */
  spendBytes(bytes: number): void {
    this.#used += bytes;
    if (this.#used > MAX_BYTES) throw tooLarge("it holds too many objects");
  }
}
