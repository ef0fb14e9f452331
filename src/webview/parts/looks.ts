import { type ReadonlySignal, signal } from "@preact/signals";

/**
 * Looks at something that the extension host has and that changes: one question at a time. What is wanted while an answer is on its way is
 * asked for after it, and only the last of it.
 */
export class Looks<Wanted, Answer> {
  readonly #answer = signal<Answer | undefined>(undefined);
  readonly #ask: (number: number, wanted: Wanted) => void;
  #wanted: Wanted | undefined;
  #number = 0;
  #isAnswered = true;
  #isStale = false;

  /** @param ask asks the extension host; the answer names the number, which grows by one with each */
  constructor(ask: (number: number, wanted: Wanted) => void) {
    this.#ask = ask;
  }

  /** The last answer. Undefined before the first one. */
  get answer(): ReadonlySignal<Answer | undefined> {
    return this.#answer;
  }

  look(wanted: Wanted): void {
    this.#wanted = wanted;
    this.#isStale = true;
    this.#next();
  }

  /** What is looked at may have changed. */
  again(): void {
    if (this.#wanted !== undefined) this.look(this.#wanted);
  }

  /** Takes in what the host says. */
  show(number: number, answer: Answer): void {
    if (number !== this.#number) return;
    this.#isAnswered = true;
    this.#answer.value = answer;
    this.#next();
  }

  /** Forgets what was of another call; an answer that is still on its way is none. */
  startOver(): void {
    this.#number += 1;
    this.#isAnswered = true;
    this.#answer.value = undefined;
    this.again();
  }

  #next(): void {
    if (!this.#isStale || !this.#isAnswered || this.#wanted === undefined) return;
    this.#isStale = false;
    this.#isAnswered = false;
    this.#number += 1;
    this.#ask(this.#number, this.#wanted);
  }
}
