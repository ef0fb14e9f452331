/** Sources whose output is counted at a time; those that were silent for longest are forgotten first. */
const MAX_SOURCES = 10_000;

/** Bounds what is kept of what each source prints, so that a function that never stops printing does not fill the disk. */
export class OutputLimit {
  readonly #bytes: number;
  readonly #kept = new Map<string, number>();

  /** @param bytes what is kept of one source */
  constructor(bytes: number) {
    this.#bytes = bytes;
  }

  /**
   * The part of a text that is kept: all of it, its beginning with a note where it reaches the limit, and nothing after that.
   *
   * @param source whose output it is
   */
  admit(source: string, text: string): string {
    const before = this.#kept.get(source) ?? 0;
    const size = Buffer.byteLength(text);
    this.#kept.delete(source); // Its place is behind all others now.
    this.#kept.set(source, before + size);
    this.#forgetOldest();
    const room = this.#bytes - before;
    if (size <= room) return text;
    if (room < 0) return "";
    return `${beginning(text, room)}\n… (no more of this is kept: it printed ${this.#bytes} bytes)\n`;
  }

  #forgetOldest(): void {
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= MAX_SOURCES) break;
      this.#kept.delete(oldest);
    }
  }
}

/** At most so many bytes of a text, without half a character. */
function beginning(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}
