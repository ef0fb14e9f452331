import { once } from "node:events";
import type { Writable } from "node:stream";

/** Where a command writes: results to stdout, everything about them to stderr. */
export class Output {
  readonly #stdout: Writable & { readonly isTTY?: boolean };
  readonly #stderr: Writable & { readonly isTTY?: boolean };
  readonly #signal: AbortSignal;

  /** @param signal ends a wait for a reader that takes nothing more */
  constructor(signal: AbortSignal, stdout: Writable = process.stdout, stderr: Writable = process.stderr) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#signal = signal;
  }

  /** Whether a person reads stdout as it is written. */
  get isTerminal(): boolean {
    return this.#stdout.isTTY === true;
  }

  /** Whether a person reads stderr as it is written. */
  get showsProgress(): boolean {
    return this.#stderr.isTTY === true;
  }

  /** Writes a line, or several, to stdout, as fast as the reader takes them. */
  async line(text: string): Promise<void> {
    await this.text(`${text}\n`);
  }

  /** Writes to stdout without a line end. */
  async text(text: string): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#stdout.write(text)) return;
    await once(this.#stdout, "drain", { signal: this.#signal }).catch(() => this.#signal.throwIfAborted());
  }

  /** Tells the user something that is no result. */
  note(text: string): void {
    this.#stderr.write(`${text}\n`);
  }

  /** Replaces the progress line on a terminal; writes nothing elsewhere. An empty text removes it. */
  progress(text: string): void {
    if (this.showsProgress) this.#stderr.write(`\r\u001b[K${text}`);
  }
}
