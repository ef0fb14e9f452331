import { type Pause, pause } from "../connection/retry.ts";

/** Pauses after empty answers that came early: the first, and the longest. */
const MIN_PAUSE_MS = 10;
const MAX_PAUSE_MS = 500;

/**
 * Makes requests one after another that a server holds until it has something to say, and slows down when it answers empty without
 * holding them for the time asked.
 */
export class PollPace {
  readonly #wait: Pause;
  #pauseMs = MIN_PAUSE_MS;

  constructor(wait: Pause = pause) {
    this.#wait = wait;
  }

  /**
   * Makes one request; an empty answer that came early is returned only after a pause, longer each time.
   *
   * @param options `waitMs`: how long the server is asked to hold the request; `signal` ends the pause
   */
  async ask<T>(
    request: () => Promise<T>,
    isEmpty: (answer: T) => boolean,
    { waitMs, signal }: { readonly waitMs: number; readonly signal?: AbortSignal | undefined },
  ): Promise<T> {
    const askedAt = performance.now();
    const answer = await request();
    const cameEarly = performance.now() - askedAt < waitMs / 2;
    if (!isEmpty(answer)) {
      this.#pauseMs = MIN_PAUSE_MS;
    } else if (cameEarly) {
      await this.#wait(this.#pauseMs, signal);
      this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
    }
    return answer;
  }
}
