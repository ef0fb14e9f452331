import type { Clock } from "./scheduler/clock.ts";

/** Since when nobody has wanted anything of the engine. */
export class Idleness {
  readonly #clock: Clock;
  /** In milliseconds of a clock that does not jump when somebody sets the time. */
  #usedAt: number;
  #ongoing = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#usedAt = clock.now();
  }

  /** Somebody asks for something. */
  used(): void {
    this.#usedAt = this.#clock.now();
  }

  /** Does something that may take long, and is use from its beginning to its end. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#ongoing += 1;
    try {
      return await work();
    } finally {
      this.#ongoing -= 1;
      this.used();
    }
  }

  lasts(durationMs: number): boolean {
    return this.#ongoing === 0 && this.#clock.now() - this.#usedAt > durationMs;
  }
}
