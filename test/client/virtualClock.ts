import type { Pause } from "../../src/client/connection/retry.ts";

/** How many turns of the event loop without a pause that ends make up idleness. */
const IDLE_TURNS = 4;

interface Timer {
  readonly at: number;
  readonly end: () => void;
}

/** Time that passes only when nothing else is left to do, and then at once. For code that waits for nothing but its pauses. */
export class VirtualClock {
  readonly #timers: Timer[] = [];
  #now = 0;
  #isRunning = false;

  /** Milliseconds since the clock was made. */
  get now(): number {
    return this.#now;
  }

  readonly pause: Pause = (durationMs, signal) =>
    new Promise((resolve, reject) => {
      const timer = { at: this.#now + durationMs, end: resolve };
      this.#timers.push(timer);
      const abort = () => {
        this.#timers.splice(this.#timers.indexOf(timer), 1);
        reject(signal?.reason);
      };
      if (signal?.aborted) return abort();
      signal?.addEventListener("abort", abort, { once: true });
      this.#run();
    });

  #run(): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#afterTurns(IDLE_TURNS);
  }

  #afterTurns(turns: number): void {
    setImmediate(() => (turns > 0 ? this.#afterTurns(turns - 1) : this.#advance()));
  }

  #advance(): void {
    const next = this.#timers.reduce((first, timer) => Math.min(first, timer.at), Infinity);
    this.#now = Math.max(this.#now, next);
    for (const timer of this.#timers.filter(({ at }) => at <= this.#now)) {
      this.#timers.splice(this.#timers.indexOf(timer), 1);
      timer.end();
    }
    this.#isRunning = false;
    if (this.#timers.length > 0) this.#run();
  }
}
