import type { Clock } from "../../src/engine/scheduler/clock.ts";

interface Timer {
  at: number;
  readonly periodMs: number | undefined;
  readonly action: () => void;
}

/** Time that passes only when a test says so. */
export class FakeClock implements Clock {
  #now: number;
  #aheadMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  unixMs(at = this.#now): number {
    return at + this.#aheadMs;
  }

  /** Sets the computer's clock, or wakes it from a sleep: time passes for it alone. */
  jump(durationMs: number): void {
    this.#aheadMs += durationMs;
  }

  after(delayMs: number, action: () => void): () => void {
    return this.#add({ at: this.#now + delayMs, periodMs: undefined, action });
  }

  every(periodMs: number, action: () => void): () => void {
    return this.#add({ at: this.#now + periodMs, periodMs, action });
  }

  /** Timers that are still to fire. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, firing timers in order; `settle` runs after each, as the event loop would. */
  async advance(durationMs: number, settle: () => Promise<void>): Promise<void> {
    const end = this.#now + durationMs;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#now = timer.at;
      if (timer.periodMs === undefined) this.#timers.delete(timer);
      else timer.at += timer.periodMs;
      timer.action();
      await settle();
    }
    this.#now = end;
  }

  #add(timer: Timer): () => void {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }
}
