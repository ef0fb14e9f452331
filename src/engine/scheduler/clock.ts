/** Time as the scheduler sees it, so that tests can bring their own. */
export interface Clock {
  /** Unix milliseconds, with fractions. */
  now(): number;
  /** Runs `action` after a delay; the function returned takes that back. */
  after(delayMs: number, action: () => void): () => void;
  /** Runs `action` again and again; the function returned ends it. */
  every(periodMs: number, action: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, action) {
    const timer = setInterval(action, periodMs);
    return () => clearInterval(timer);
  },
};
