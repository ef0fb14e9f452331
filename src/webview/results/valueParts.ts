import type { ValuePart, ValuePartContent } from "../../panel/messages.ts";

/** Asks the extension host for a part of a value; the answer names the number. */
export type RequestPart = (number: number, index: number, part: ValuePart) => void;

/** The way to those parts of a value that are not on the page yet. */
export type LoadPart = (part: ValuePart) => Promise<Partial<ValuePartContent>>;

/** Parts of values that are too large to be on the page as a whole. */
export class ValueParts {
  readonly #request: RequestPart;
  readonly #waiting = new Map<number, (content: Partial<ValuePartContent>) => void>();
  #number = 0;

  constructor(request: RequestPart) {
    this.#request = request;
  }

  /** A part of the value of the result `index`. Never answered when it is not to be had: then the page says why. */
  ask(index: number, part: ValuePart): Promise<Partial<ValuePartContent>> {
    this.#number += 1;
    const number = this.#number;
    return new Promise((resolve) => {
      this.#waiting.set(number, resolve);
      this.#request(number, index, part);
    });
  }

  answer(number: number, content: Partial<ValuePartContent>): void {
    this.#waiting.get(number)?.(content);
    this.#waiting.delete(number);
  }

  clear(): void {
    this.#waiting.clear();
  }
}
