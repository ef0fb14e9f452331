/** The longest that a timer can wait; a longer time would make it fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Where many wait for the next change of something. Waiting costs a timer, and leaves nothing behind. */
export class Changes {
  readonly #listeners = new Set<() => void>();

  /** Somebody waits for the next one. */
  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Wakes everybody who waits in {@link next}. */
  tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }

  /** Resolves at the next change, after `timeoutMs`, or when the signal aborts; whichever is first. */
  next(timeoutMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.min(timeoutMs, MAX_TIMER_MS));
      signal?.addEventListener("abort", done, { once: true });
      this.#listeners.add(done);
      if (signal?.aborted) done();
    });
  }
}
