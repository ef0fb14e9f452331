/** Containers that die in a row before they import user code. */
const MAX_FAILED_STARTS = 3;

/** Counts the containers of a function that could not start. After some in a row it gets no more, until there is new work. */
export class CrashLoop {
  #failedStarts = 0;
  #why = "";

  /**
   * A container could not start.
   *
   * @param name of the function
   * @param reason what became of the container's process, e.g. `ended with exit code 3`
   * @returns whether that is why there are no more
   */
  failed(name: string, reason: string): boolean {
    this.#failedStarts += 1;
    const inARow = `${MAX_FAILED_STARTS} in a row could not start (the last one's Python process ${reason})`;
    this.#why = `${name} gets no more containers for now: ${inARow}.`;
    return this.#failedStarts === MAX_FAILED_STARTS;
  }

  /** Another container would not start either. @param why a sentence */
  giveUp(why: string): void {
    this.#failedStarts = MAX_FAILED_STARTS;
    this.#why = why;
  }

  /** A container has started, or there is reason to try again. */
  end(): void {
    this.#failedStarts = 0;
  }

  get isGivenUp(): boolean {
    return this.#failedStarts >= MAX_FAILED_STARTS;
  }

  /** Why there are no more containers, as users are told; empty while there are. */
  get state(): string {
    return this.isGivenUp ? `${this.#why} The next call tries again.` : "";
  }
}
