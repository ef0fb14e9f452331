import type { ForkedProcess } from "./forkedProcess.ts";

/** The container of a template that is forked ahead of need, so that the next one is there at once: one at most. */
export class Spare {
  readonly #fork: () => Promise<ForkedProcess>;
  #next: Promise<ForkedProcess | undefined> | undefined;

  /** @param fork makes a container; throws where there can be none */
  constructor(fork: () => Promise<ForkedProcess>) {
    this.#fork = fork;
  }

  /** Forks it, unless it is there. */
  keep(): void {
    this.#next ??= this.#fork().catch(() => undefined);
  }

  /** Gives it away. Undefined when there is none, or when somebody has ended it. */
  async take(): Promise<ForkedProcess | undefined> {
    const spare = await this.#takeNext();
    return spare?.hasEnded ? undefined : spare;
  }

  /** Ends it. */
  async end(): Promise<void> {
    const spare = await this.#takeNext();
    spare?.kill();
  }

  #takeNext(): Promise<ForkedProcess | undefined> | undefined {
    const next = this.#next;
    this.#next = undefined;
    return next;
  }
}
