import { pause } from "./reconnect.ts";

/** The part of a processor that reading the results of a running call may take. */
const SHARE = 0.2;
const LONGEST_REST_MS = 1_000;

/**
 * Keeps reading from taking more than a part of a processor: the extension host has other extensions to run, and what does the work is on
 * the same machine. What comes during a rest comes in one piece after it, which costs less.
 */
export class ReadingPace {
  #usage = process.cpuUsage();
  #restedAt = performance.now();

  /** Rests for as long as the work since the last rest demands. Never rejects. */
  async rest(signal: AbortSignal): Promise<void> {
    const { user, system } = process.cpuUsage(this.#usage);
    const restMs = (user + system) / 1_000 / SHARE - (performance.now() - this.#restedAt);
    if (restMs > 0) await pause(Math.min(restMs, LONGEST_REST_MS), signal);
    this.#usage = process.cpuUsage();
    this.#restedAt = performance.now();
  }
}
