import { noInputs } from "../inputCounts.ts";
import type { InputStatus, ResultRow } from "../model.ts";

/** More columns than these are of no use to a reader, and every row would pay for them. */
const MAX_COLUMNS = 12;

/** The finished inputs of one call, by index. Made for 100,000 of them: readers go on in the log of arrivals where they stopped. */
export class ResultRows {
  readonly #byIndex: ResultRow[] = [];
  /** Indexes in the order in which their rows came. One that came again is in it twice. */
  readonly #arrivals: number[] = [];
  readonly #finished: Record<InputStatus, number> = { ...noInputs };
  readonly #columns = new Set<string>();
  readonly #containerIds = new Set<string>();
  #size = 0;
  #images = 0;
  #executionMs = 0;
  #first: ResultRow | undefined;
  #lastFinishedAt = 0;

  get size(): number {
    return this.#size;
  }

  /** Number of results that are images. */
  get images(): number {
    return this.#images;
  }

  /** One more than the greatest index so far. */
  get end(): number {
    return this.#byIndex.length;
  }

  /** The row of the input that began first. Undefined: none has begun. */
  get first(): ResultRow | undefined {
    return this.#first;
  }

  /** When the last one finished that did so far; 0 for none. */
  get lastFinishedAt(): number {
    return this.#lastFinishedAt;
  }

  /** Containers that ran at least one input. */
  get containerIds(): ReadonlySet<string> {
    return this.#containerIds;
  }

  /** How long all inputs together ran. */
  get executionMs(): number {
    return this.#executionMs;
  }

  /** Rows by status. */
  get finished(): Readonly<Record<InputStatus, number>> {
    return this.#finished;
  }

  /** Keys of results that are dictionaries, in the order in which they were first seen. */
  get columns(): readonly string[] {
    return [...this.#columns];
  }

  /** Length of the log of arrivals. */
  get numArrivals(): number {
    return this.#arrivals.length;
  }

  get(index: number): ResultRow | undefined {
    return this.#byIndex[index];
  }

  /** A row whose index is already known replaces that row. */
  add(rows: readonly ResultRow[]): void {
    for (const row of rows) {
      const known = this.#byIndex[row.index];
      if (known) this.#count(known, -1);
      this.#count(row, 1);
      this.#byIndex[row.index] = row;
      if (row.containerId) this.#containerIds.add(row.containerId);
      this.#lastFinishedAt = Math.max(this.#lastFinishedAt, row.finishedAt);
      this.#arrivals.push(row.index);
      if (row.cells && this.#columns.size < MAX_COLUMNS) this.#noteColumns(row.cells);
    }
  }

  /** All rows, by index. */
  all(): ResultRow[] {
    const rows: ResultRow[] = [];
    // `forEach` skips the holes of inputs that have not finished.
    this.#byIndex.forEach((row) => {
      rows.push(row);
    });
    return rows;
  }

  /** The rows with indexes from `start` to before `end`, as far as they are there. */
  between(start: number, end: number): ResultRow[] {
    return this.#byIndex.slice(start, end).filter((row) => row !== undefined);
  }

  /** Indexes of the rows that came since the log had this length. */
  arrivedSince(numArrivals: number): readonly number[] {
    return this.#arrivals.slice(numArrivals);
  }

  #count(row: ResultRow, times: 1 | -1): void {
    this.#size += times;
    this.#finished[row.status] += times;
    if (row.kind === "image") this.#images += times;
    if (row.startedAt === 0) return; // It never ran.
    this.#executionMs += times * Math.max(0, row.finishedAt - row.startedAt);
    if (row.startedAt < (this.#first?.startedAt ?? Number.POSITIVE_INFINITY)) this.#first = row;
  }

  #noteColumns(cells: NonNullable<ResultRow["cells"]>): void {
    for (const key of Object.keys(cells)) {
      if (this.#columns.size < MAX_COLUMNS) this.#columns.add(key);
    }
  }
}
