import type { ResultRow, RowSelection } from "../model.ts";
import type { ResultRows } from "./resultRows.ts";
import { rowComparison, rowFilter } from "./rowOrder.ts";

/** The rows of a call that match a selection, in its order. What is new is merged in, so that keeping up with a running map costs little. */
export class SelectedRows {
  readonly #all: ResultRows;
  readonly #isWanted: (row: ResultRow) => boolean;
  readonly #compare: (left: ResultRow, right: ResultRow) => number;
  #rows: ResultRow[] = [];
  #size = 0;
  #numArrivals = 0;

  constructor(all: ResultRows, selection: RowSelection) {
    this.#all = all;
    this.#isWanted = rowFilter(selection);
    this.#compare = rowComparison(selection.order);
    this.#selectAnew();
  }

  /** In the order of the selection. */
  get rows(): readonly ResultRow[] {
    return this.#rows;
  }

  /** Takes in what has arrived since. */
  update(): void {
    const arrived = this.#all.arrivedSince(this.#numArrivals);
    if (arrived.length === 0) return;
    const hasReplaced = this.#all.size - this.#size < arrived.length;
    if (hasReplaced) this.#selectAnew();
    else this.#add(arrived);
  }

  /** The place of a row in the order. -1: it is not there. */
  positionOf(index: number): number {
    const row = this.#all.get(index);
    if (!row) return -1;
    const position = this.#placeOf(row);
    return this.#rows[position] === row ? position : -1;
  }

  #selectAnew(): void {
    this.#rows = this.#all.all().filter(this.#isWanted).sort(this.#compare);
    this.#keepUp();
  }

  #add(indexes: readonly number[]): void {
    const added: ResultRow[] = [];
    for (const index of indexes) {
      const row = this.#all.get(index);
      if (row && this.#isWanted(row)) added.push(row);
    }
    this.#rows = merged(this.#rows, added.sort(this.#compare), this.#compare);
    this.#keepUp();
  }

  #keepUp(): void {
    this.#size = this.#all.size;
    this.#numArrivals = this.#all.numArrivals;
  }

  /** Position of the first row that does not come before this one. */
  #placeOf(row: ResultRow): number {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const candidate = this.#rows[middle];
      if (candidate && this.#compare(candidate, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Two sorted lists as one. Most rows of a running map come after all others, which costs nothing but a copy. */
function merged(
  rows: ResultRow[],
  added: readonly ResultRow[],
  compare: (left: ResultRow, right: ResultRow) => number,
): ResultRow[] {
  const [first] = added;
  const last = rows.at(-1);
  if (!first || !last || compare(last, first) < 0) {
    for (const row of added) rows.push(row);
    return rows;
  }
  const result: ResultRow[] = [];
  let next = 0;
  for (const row of rows) {
    for (let other = added[next]; other && compare(other, row) < 0; other = added[next]) {
      result.push(other);
      next++;
    }
    result.push(row);
  }
  for (const row of added.slice(next)) result.push(row);
  return result;
}
