import { pause } from "../connection/retry.ts";
import { ExecutionError } from "../errors.ts";

const SLOW_DOWN = 503;
const SLOW_DOWN_MS = 1_000;

/** How often something is tried in all, and the pause before the second time; it doubles from one to the next. */
export interface Attempts {
  readonly count: number;
  readonly baseDelayMs: number;
}

/** The storage answered with another status than 200. */
export class StorageRefusal extends ExecutionError {
  readonly status: number;

  constructor(host: string, status: number) {
    super(`The storage at ${host} answered ${status}.`);
    this.status = status;
  }
}

/**
 * Tries until it works, and waits longer for a storage that asks to be given time (503), as Modal's Python SDK does
 * (`_utils/blob_utils.py`).
 *
 * @throws what the last attempt threw; the signal's reason when aborted
 */
export async function attempted<T>(
  { count, baseDelayMs }: Attempts,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await attempt();
    } catch (error) {
      signal.throwIfAborted();
      if (tried >= count) throw error;
      const isBusy = error instanceof StorageRefusal && error.status === SLOW_DOWN;
      await pause(baseDelayMs * 2 ** (tried - 1) + (isBusy ? SLOW_DOWN_MS : 0), signal);
    }
  }
}
