/** Time as the scheduler sees it, so that tests can bring their own. */
export interface Clock {
  /**
   * Milliseconds that only go forward, however the computer's clock is set: how long things take, and how long to wait. On Linux they
   * stand still while the computer sleeps, so nothing times out in its sleep.
   */
  now(): number;
  /** Unix milliseconds by the computer's clock: what is stored and shown. @param at a time of {@link now}; default: this moment */
  unixMs(at?: number): number;
  /** Runs `action` after a delay; the function returned takes that back. */
  after(delayMs: number, action: () => void): () => void;
  /** Runs `action` again and again; the function returned ends it. */
  every(periodMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  unixMs: (at) => Date.now() - (at === undefined ? 0 : performance.now() - at),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, action) {
    const timer = setInterval(action, periodMs);
    return () => clearInterval(timer);
  },
};
