import { signal } from "@preact/signals";
import type { LogLine } from "../../panel/messages.ts";

/** One whole line of output. `id` is unique within the page and grows. */
export interface ShownLine extends LogLine {
  readonly id: number;
}

const MOST_LINES = 20_000;

/**
 * The output of user code, cut into lines however it was cut into pieces on the way. Keeps the last 20,000 lines.
 * Whoever reads anything here inside a component is told of every change.
 */
export class LogLines {
  #lines: ShownLine[] = [];
  #nextId = 0;
  /** Position of the line that a container's stream has begun and not yet ended. */
  readonly #open = new Map<string, number>();
  #dropped = 0;
  readonly #version = signal(0);

  get lines(): readonly ShownLine[] {
    this.#subscribe();
    return this.#lines;
  }

  /** Number of lines from the start that are no longer kept. */
  get dropped(): number {
    this.#subscribe();
    return this.#dropped;
  }

  append(pieces: readonly LogLine[]): void {
    for (const piece of pieces) this.#appendPiece(piece);
    if (this.#lines.length > MOST_LINES) this.#dropOldest();
    this.#version.value++;
  }

  clear(): void {
    this.#lines = [];
    this.#open.clear();
    this.#dropped = 0;
    this.#version.value++;
  }

  #subscribe(): void {
    void this.#version.value;
  }

  #appendPiece(piece: LogLine): void {
    const source = `${piece.stream} ${piece.containerId} ${piece.inputId}`;
    const texts = piece.text.split(/\r?\n/);
    const last = texts.pop() ?? "";
    for (const text of texts) {
      this.#extend(source, piece, text);
      this.#open.delete(source);
    }
    if (last !== "") this.#extend(source, piece, last);
  }

  #extend(source: string, piece: LogLine, text: string): void {
    const position = this.#open.get(source) ?? this.#lines.length + this.#dropped;
    const begun = this.#lines[position - this.#dropped];
    this.#lines[position - this.#dropped] = begun
      ? { ...begun, text: begun.text + text }
      : { ...piece, text, id: this.#nextId++ };
    this.#open.set(source, position);
  }

  #dropOldest(): void {
    const surplus = this.#lines.length - MOST_LINES;
    this.#lines = this.#lines.slice(surplus);
    this.#dropped += surplus;
    for (const [source, position] of this.#open) if (position < this.#dropped) this.#open.delete(source);
  }
}
