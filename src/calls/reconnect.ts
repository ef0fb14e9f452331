import { setTimeout as delay } from "node:timers/promises";

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;

export interface Attempt<T> {
  /** Does the work. Started again when it fails in a way that may pass. */
  readonly run: () => Promise<T>;
  /** Whether another try may help. */
  readonly mayPass: (error: unknown) => boolean;
  readonly onProblem: (error: unknown) => void;
}

/** Runs an attempt, with growing pauses, until it ends well; undefined when it fails for good or the signal aborts. Never rejects. */
export async function keepTrying<T>(
  { run, mayPass, onProblem }: Attempt<T>,
  signal: AbortSignal,
): Promise<T | undefined> {
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const startedAt = Date.now();
    try {
      return await run();
    } catch (error) {
      if (signal.aborted) return undefined;
      onProblem(error);
      if (!mayPass(error)) return undefined;
    }
    if (Date.now() - startedAt > LONGEST_PAUSE_MS) pauseMs = FIRST_PAUSE_MS;
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
  return undefined;
}

/** Waits, but no longer than until the signal aborts. Never rejects. */
export async function pause(timeMs: number, signal: AbortSignal): Promise<void> {
  await delay(timeMs, undefined, { signal }).catch(() => undefined);
}
