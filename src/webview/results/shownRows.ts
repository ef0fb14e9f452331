import { signal } from "@preact/signals";
import type { ResultRow, RowSelection, RowsWanted, RowsWindow } from "../../panel/messages.ts";

/** Asks the extension host for rows. `number` grows by one with each, `opened` is the index of the row in the detail pane. */
export type LookAtRows = (number: number, wanted: RowsWanted, opened: number | undefined) => void;

const EVERYTHING: RowSelection = { status: undefined, text: "", order: { by: "index", descending: false } };

const NO_ROWS: RowsWindow = {
  look: 0,
  first: 0,
  rows: [],
  matching: 0,
  size: 0,
  end: 0,
  images: 0,
  columns: [],
  opened: undefined,
};
/** Windows begin at multiples of this, so that one does for some scrolling. */
const STEP_ROWS = 50;
/** Rows that are there before and after those in view. */
const MARGIN_ROWS = 200;

/**
 * The rows that the reader looks at: the page has no others. Whoever reads anything here inside a component is told of changes.
 */
export class ShownRows {
  /** Index of the row in the detail pane. */
  readonly openedIndex = signal<number | undefined>(undefined);
  /** Position of the first row in view, when the reader last stopped scrolling. */
  readonly topPosition = signal(0);
  readonly #selection = signal<RowSelection>(EVERYTHING);
  readonly #window = signal<RowsWindow>(NO_ROWS);
  readonly #look: LookAtRows;
  /** By position in the window, and by index. */
  #rows: readonly ResultRow[] = [];
  #byIndex = new Map<number, ResultRow>();
  #wanted: RowsWanted = wantedFrom(EVERYTHING, 0, 0, undefined);
  #number = 0;
  /** Answers to earlier looks are to another selection. */
  #firstNumber = 0;
  /** What was asked for last, and whether the answer is there. */
  #asked = "";
  #isAnswered = true;
  /** The reader wants the row there opened as soon as it comes. */
  #awaitedPosition: number | undefined;

  constructor(look: LookAtRows) {
    this.#look = look;
  }

  /** Number of all results. */
  get size(): number {
    return this.#window.value.size;
  }

  /** Number of results that match the selection. */
  get matching(): number {
    return this.#window.value.matching;
  }

  /** Number of results that are images. */
  get images(): number {
    return this.#window.value.images;
  }

  /** One more than the greatest index so far. */
  get end(): number {
    return this.#window.value.end;
  }

  /** Keys of results that are dictionaries. */
  get columns(): readonly string[] {
    return this.#window.value.columns;
  }

  get selection(): RowSelection {
    return this.#selection.value;
  }

  /** The opened row. Undefined while none is, or it is not there yet. */
  get opened(): ResultRow | undefined {
    const { opened } = this.#window.value;
    const index = this.openedIndex.value;
    if (index === undefined) return undefined;
    return opened?.row.index === index ? opened.row : this.#byIndex.get(index);
  }

  /** Position of the opened row. -1: none is opened, or it does not match the selection. */
  get openedPosition(): number {
    const { opened } = this.#window.value;
    const index = this.openedIndex.value;
    if (index === undefined) return -1;
    return opened?.row.index === index ? opened.position : this.positionOf(index);
  }

  /** The row at a position of the selection. Undefined while the page does not have it. */
  at(position: number): ResultRow | undefined {
    return this.#rows[position - this.#window.value.first];
  }

  /** The row of an input. Undefined while it is unfinished, or the page does not have it. */
  get(index: number): ResultRow | undefined {
    void this.#window.value;
    return this.#byIndex.get(index);
  }

  /** Where the row of an input is, as far as the page has it. -1 otherwise. */
  positionOf(index: number): number {
    const { first } = this.#window.value;
    const place = this.#rows.findIndex((row) => row.index === index);
    return place < 0 ? -1 : first + place;
  }

  /** Looks at the rows from one position to before another. `anchor`: the row that is to stay where it is while others come in above it. */
  lookAt(start: number, end: number, anchor: ResultRow | undefined): void {
    const position = anchor && this.positionOf(anchor.index);
    const place = anchor && position !== undefined ? { index: anchor.index, position } : undefined;
    this.#want(wantedFrom(this.#selection.peek(), start, end, place));
  }

  /** Looks at the rows of the inputs from one index to before another. */
  lookAtInputs(start: number, end: number): void {
    const { first, count } = around(start, end);
    this.#want({ by: "index", first, count });
  }

  /** Other rows, or another order. */
  select(selection: RowSelection): void {
    this.#selection.value = selection;
    this.topPosition.value = 0;
    this.#firstNumber = this.#number + 1;
    this.#want(wantedFrom(selection, 0, 0, undefined));
  }

  /** Selects rows, and opens the first of them as soon as it comes. */
  selectAndOpen(selection: RowSelection): void {
    this.select(selection);
    this.#awaitedPosition = 0;
  }

  open(index: number | undefined): void {
    this.#awaitedPosition = undefined;
    this.openedIndex.value = index;
    this.#want(this.#wanted);
  }

  /** Opens the row at a position, which may have to come first. */
  openAt(position: number): void {
    const row = this.at(position);
    if (row) this.open(row.index);
    else this.#awaitedPosition = position;
  }

  /** Takes in what the host says. */
  show(window: RowsWindow): void {
    if (window.look < this.#firstNumber) return;
    if (window.rows) {
      this.#rows = window.rows;
      this.#byIndex = new Map(window.rows.map((row) => [row.index, row]));
    }
    this.#window.value = window;
    this.#isAnswered = window.look === this.#number;
    this.#want(this.#wanted);
    if (this.#awaitedPosition !== undefined && this.at(this.#awaitedPosition)) this.openAt(this.#awaitedPosition);
  }

  /** Nobody looks at this call any more. */
  leave(): void {
    this.open(undefined);
    this.topPosition.value = 0;
  }

  /** Forgets the rows of another call, and looks at the first ones of this. */
  startOver(): void {
    this.#forgetRows();
    this.#window.value = NO_ROWS;
    this.#asked = "";
    this.#awaitedPosition = undefined;
    this.#want(wantedFrom(this.#selection.peek(), 0, 0, undefined));
  }

  #forgetRows(): void {
    this.#rows = [];
    this.#byIndex.clear();
    this.#firstNumber = this.#number + 1;
  }

  /** One look at a time: what is wanted meanwhile is asked for after the answer, and only the last of it. */
  #want(wanted: RowsWanted): void {
    if (wanted.by !== this.#wanted.by) this.#forgetRows();
    this.#wanted = wanted;
    const opened = this.openedIndex.peek();
    const asked = JSON.stringify([wanted, opened]);
    const isUrgent = this.#firstNumber > this.#number;
    if (asked === this.#asked || !(this.#isAnswered || isUrgent)) return;
    this.#asked = asked;
    this.#isAnswered = false;
    this.#number += 1;
    this.#look(this.#number, wanted, opened);
  }
}

function wantedFrom(
  selection: RowSelection,
  start: number,
  end: number,
  anchor: { readonly index: number; readonly position: number } | undefined,
): RowsWanted {
  return { by: "position", selection, ...around(start, end), anchor };
}

function around(start: number, end: number): { first: number; count: number } {
  const first = Math.max(0, Math.floor((start - MARGIN_ROWS) / STEP_ROWS) * STEP_ROWS);
  const last = Math.ceil((end + MARGIN_ROWS) / STEP_ROWS) * STEP_ROWS;
  return { first, count: last - first };
}
