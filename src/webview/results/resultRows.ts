import { signal } from "@preact/signals";
import type { InputStatus, ResultRow } from "../../panel/messages.ts";

/** Which rows the reader wants to see, and in which order. */
export interface RowSelection {
  /** Undefined for every status. */
  readonly status: InputStatus | undefined;
  /** Matches index, preview, input and container, upper and lower case alike. */
  readonly text: string;
  readonly order: RowOrder;
}

export interface RowOrder {
  readonly by: "index" | "duration";
  readonly descending: boolean;
}

/**
 * The finished inputs of one call. Made for 100,000 of them: rows are kept in place, and whoever reads anything here
 * inside a component or a computed signal is told of every change.
 */
export class ResultRows {
  readonly #byIndex: ResultRow[] = [];
  readonly #version = signal(0);
  #size = 0;
  #images = 0;

  get size(): number {
    this.#subscribe();
    return this.#size;
  }

  /** Number of results that are images. */
  get images(): number {
    this.#subscribe();
    return this.#images;
  }

  /** One more than the greatest index so far. */
  get end(): number {
    this.#subscribe();
    return this.#byIndex.length;
  }

  get(index: number): ResultRow | undefined {
    this.#subscribe();
    return this.#byIndex[index];
  }

  /** A row whose index is already known replaces that row. */
  add(rows: readonly ResultRow[]): void {
    for (const row of rows) {
      const known = this.#byIndex[row.index];
      if (known === undefined) this.#size++;
      this.#images += Number(row.kind === "image") - Number(known?.kind === "image");
      this.#byIndex[row.index] = row;
    }
    this.#version.value++;
  }

  clear(): void {
    this.#byIndex.length = 0;
    this.#size = 0;
    this.#images = 0;
    this.#version.value++;
  }

  select({ status, text, order }: RowSelection): ResultRow[] {
    this.#subscribe();
    const wanted = text.trim().toLowerCase();
    const selected: ResultRow[] = [];
    // `forEach` skips the holes of inputs that have not finished.
    this.#byIndex.forEach((row) => {
      if ((status === undefined || row.status === status) && mentions(row, wanted)) selected.push(row);
    });
    if (order.by === "duration") selected.sort((left, right) => durationMs(left) - durationMs(right));
    return order.descending ? selected.reverse() : selected;
  }

  #subscribe(): void {
    void this.#version.value;
  }
}

/** How long the input ran. Clocks can disagree by a little, which must not show as a negative time. */
export function durationMs(row: ResultRow): number {
  return Math.max(0, row.finishedAt - row.startedAt);
}

function mentions(row: ResultRow, wanted: string): boolean {
  if (wanted === "") return true;
  return (
    row.preview.toLowerCase().includes(wanted) ||
    String(row.index) === wanted ||
    row.inputId.toLowerCase().includes(wanted) ||
    row.containerId.toLowerCase().includes(wanted)
  );
}
