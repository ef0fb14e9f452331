import type { ContainerProcess } from "./containerProcess.ts";
import { usesMoreMemory } from "./memoryUse.ts";

const EVERY_MS = 100;
const MIB = 1024 * 1024;

/**
 * Ends a container that holds more memory than it may. It looks while the container works, so that an idle one costs nothing.
 *
 * Not a limit that the system keeps (`setrlimit`): one of address space counts what libraries reserve and never use, one of data
 * counts for each process alone, and both fail an allocation somewhere in user code, which may swallow that, or crash. Modal, too,
 * ends a container that goes beyond its limit. The price is that a fast one gets further before it is seen.
 */
export class MemoryWatch {
  readonly #process: ContainerProcess;
  readonly #bytes: number;
  #timer: NodeJS.Timeout | undefined;
  #wasExceeded = false;

  /** Looks at once; {@link rest} says when there is nothing to look at. */
  constructor(process: ContainerProcess, bytes: number) {
    this.#process = process;
    this.#bytes = bytes;
    this.work();
  }

  /** The container was ended for what it held. */
  get wasExceeded(): boolean {
    return this.#wasExceeded;
  }

  /** How the process ended, as the end of a sentence. */
  get reason(): string {
    const advice = "raise the limit in memory=(request, limit), or keep less in memory at a time";
    return `was ended because it used more than its ${this.#bytes / MIB} MiB of memory (${advice})`;
  }

  /** Looks from time to time, from now on. */
  work(): void {
    this.#timer ??= setInterval(() => this.#look(), EVERY_MS).unref();
  }

  rest(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const { pid } = this.#process;
    if (pid === undefined || !usesMoreMemory(pid, this.#bytes)) return;
    this.rest();
    this.#wasExceeded = true;
    this.#process.kill();
  }
}
