/** Modal's own number, for servers that do not say theirs. */
const DEFAULT_LIMIT = 1_000;

/**
 * Lets so many inputs of a map in as the server allows: those whose output the consumer has not taken yet. That is what a slow consumer
 * makes us hold.
 */
export class Admission {
  readonly #signal: AbortSignal;
  #outstanding = 0;
  #limit: number;
  #wake: (() => void) | undefined;

  /**
   * @param firstLimit how many may be in before the server has said how many it allows
   * @param signal ends the waiting, with its reason
   */
  constructor(firstLimit: number, signal: AbortSignal) {
    this.#limit = firstLimit;
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#wake?.(), { once: true });
  }

  /** @param limit how many may be in; 0: the usual number */
  allow(limit: number): void {
    this.#limit = limit || DEFAULT_LIMIT;
    this.#wake?.();
  }

  /** Lets an input in, or returns a promise to wait for when there is no place for it yet. One input may wait at a time. */
  enter(): Promise<void> | undefined {
    if (this.#outstanding >= this.#limit) return this.#enterLater();
    this.#outstanding++;
    return undefined;
  }

  /** Makes room: the consumer has taken an output. */
  leave(): void {
    this.#outstanding--;
    this.#wake?.();
  }

  async #enterLater(): Promise<void> {
    while (this.#outstanding >= this.#limit) {
      this.#signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#signal.throwIfAborted();
    this.#outstanding++;
  }
}
