import type { Output } from "../calls/output.ts";

/** Passes outputs on as they come, or holds them back until those before them are there. */
export class OutputOrder {
  readonly #isOrdered: boolean;
  readonly #held = new Map<number, Output>();
  #nextIndex = 0;

  constructor(isOrdered: boolean) {
    this.#isOrdered = isOrdered;
  }

  /** Takes new outputs and yields those whose turn it is. */
  *next(outputs: readonly Output[]): Generator<Output> {
    if (!this.#isOrdered) return yield* outputs;
    for (const output of outputs) this.#held.set(output.index, output);
    for (let output = this.#held.get(this.#nextIndex); output; output = this.#held.get(this.#nextIndex)) {
      this.#held.delete(this.#nextIndex++);
      yield output;
    }
  }
}
