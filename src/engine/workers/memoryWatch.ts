import { usesMoreMemory } from "./memoryUse.ts";

const EVERY_MS = 100;
const MIB = 1024 * 1024;

/**
 * Looks while a container works whether it holds more memory than it may.
 *
 * Not a limit that the system keeps (`setrlimit`): one of address space counts what libraries reserve and never use, one of data
 * counts for each process alone, and both fail an allocation somewhere in user code, which may swallow that, or crash. Modal, too,
 * ends a container that goes beyond its limit. The price is that a fast one gets further before it is seen.
 */
export class MemoryWatch {
  readonly #pid: number;
  readonly #bytes: number;
  readonly #exceeded: () => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param exceeded called once; nothing is looked at any more */
  constructor(pid: number, bytes: number, exceeded: () => void) {
    this.#pid = pid;
    this.#bytes = bytes;
    this.#exceeded = exceeded;
  }

  /** How the process ended, as the end of a sentence. */
  get reason(): string {
    const advice = "raise the limit in memory=(request, limit), or keep less in memory at a time";
    return `was ended because it used more than its ${this.#bytes / MIB} MiB of memory (${advice})`;
  }

  /** Looks from time to time, from now on. */
  start(): void {
    this.#timer ??= setInterval(() => this.#look(), EVERY_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    if (!usesMoreMemory(this.#pid, this.#bytes)) return;
    this.stop();
    this.#exceeded();
  }
}
