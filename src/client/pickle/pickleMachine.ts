import { ByteReader } from "./byteReader.ts";
import { damaged, tooLarge } from "./damage.ts";
import { MemoryBudget } from "./memoryBudget.ts";
import { Global } from "./pickledObjects.ts";

/** Makes a value of a persistent id, which is how Modal's objects stand in pickles. */
export type PersistentLoader = (identity: unknown) => unknown;

/** Picklers put down a mark per level of nesting, and long lists in batches of a thousand; only tuples are as long as they are. */
const MAX_MARKS = 100_000;
const MAX_STACK = 16 * 1024 * 1024;

/** The stack machine that a pickle is a program for: its bytes, its stack with marks, and its memo. */
export class PickleMachine {
  readonly bytes: ByteReader;
  readonly budget = new MemoryBudget();
  readonly loadPersistent: PersistentLoader;
  /** Containers and objects that may stand in several places, or in themselves: everything that was taken twice. */
  readonly shared = new Set<object>();
  readonly #stack: unknown[] = [];
  readonly #marks: number[] = [];
  readonly #memo: unknown[] = [];

  constructor(bytes: Uint8Array, loadPersistent: PersistentLoader) {
    this.bytes = new ByteReader(bytes);
    this.loadPersistent = loadPersistent;
  }

  push(value: unknown): void {
    if (this.#stack.length === MAX_STACK) throw tooLarge("it holds too many values at once");
    this.#stack.push(value);
  }

  pop(): unknown {
    if (this.#stack.length <= this.#floor()) throw damaged("its stack is empty");
    return this.#stack.pop();
  }

  /** The value on top, which stays there. */
  top(): unknown {
    if (this.#stack.length <= this.#floor()) throw damaged("its stack is empty");
    return this.#stack[this.#stack.length - 1];
  }

  mark(): void {
    if (this.#marks.length === MAX_MARKS) throw tooLarge("it is nested too deeply");
    this.#marks.push(this.#stack.length);
  }

  /** Removes the last mark and everything above it, and returns that. */
  popToMark(): unknown[] {
    const mark = this.#marks.pop();
    if (mark === undefined) throw damaged("a mark is missing");
    return this.#stack.splice(mark);
  }

  /** `POP` also removes a mark when that is what lies on top. */
  drop(): void {
    if (this.#marks.length > 0 && this.#marks[this.#marks.length - 1] === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  duplicate(): void {
    this.push(this.#taken(this.top()));
  }

  /** Remembers the value on top, by default under the next number. */
  memoize(index = this.#memo.length): void {
    // Numbers go up one by one, so none is beyond the number of bytes; this one would only take memory.
    if (!(index <= this.bytes.length)) throw damaged(`its memo has no place ${index}`);
    this.#memo[index] = this.top();
  }

  recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) throw damaged(`its memo has nothing at ${index}`);
    this.push(this.#taken(value));
  }

  #taken(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Global) {
      this.budget.spendObject();
      return new Global(value.module, value.name, this.bytes.position);
    }
    this.shared.add(value);
    return value;
  }

  #floor(): number {
    return this.#marks[this.#marks.length - 1] ?? 0;
  }
}
