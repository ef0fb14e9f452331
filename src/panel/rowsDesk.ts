import type { ResultRows } from "../calls/results/resultRows.ts";
import { SelectedRows } from "../calls/results/selectedRows.ts";
import type { PageMessage, ResultRow, RowSelection, RowsWanted, RowsWindow } from "./messages.ts";

type Look = Extract<PageMessage, { type: "look" }>;

/** Hands a page the rows that it looks at, and no others, however many there are. */
export class RowsDesk {
  readonly #rows: ResultRows;
  #look: Look | undefined;
  /** Undefined: the page looks at inputs by their indexes. */
  #selected: SelectedRows | undefined;
  #sent: Pick<RowsWindow, "first" | "rows"> | undefined;

  constructor(rows: ResultRows) {
    this.#rows = rows;
  }

  /** What the page looks at from now on. */
  look(look: Look): void {
    const before = this.#look && selectionOf(this.#look);
    const selection = selectionOf(look);
    if (!this.#look || JSON.stringify(before) !== JSON.stringify(selection)) {
      this.#selected = selection && new SelectedRows(this.#rows, selection);
      this.#sent = undefined;
    }
    this.#look = look;
  }

  /** The page is gone, with all that it had. */
  forget(): void {
    this.#look = undefined;
    this.#selected = undefined;
    this.#sent = undefined;
  }

  /** What the page is to be told now. Undefined: it looks at nothing. */
  window(): RowsWindow | undefined {
    const look = this.#look;
    if (!look) return undefined;
    const selected = this.#selected;
    selected?.update();
    const { first, rows } = selected ? windowAt(selected, look.wanted) : this.#between(look.wanted);
    const isSent = this.#sent?.first === first && sameRows(this.#sent.rows ?? [], rows);
    this.#sent = { first, rows };
    const opened = look.opened === undefined ? undefined : this.#rows.get(look.opened);
    return {
      look: look.number,
      first,
      rows: isSent ? undefined : rows,
      matching: selected?.rows.length ?? this.#rows.size,
      size: this.#rows.size,
      end: this.#rows.end,
      images: this.#rows.images,
      columns: this.#rows.columns,
      opened: opened && { row: opened, position: selected?.positionOf(opened.index) ?? opened.index },
    };
  }

  #between({ first, count }: RowsWanted): { first: number; rows: readonly ResultRow[] } {
    return { first, rows: this.#rows.between(first, first + count) };
  }
}

function selectionOf({ wanted }: Look): RowSelection | undefined {
  return wanted.by === "position" ? wanted.selection : undefined;
}

function windowAt(selected: SelectedRows, wanted: RowsWanted): { first: number; rows: readonly ResultRow[] } {
  const first = Math.max(0, Math.min(wanted.first + shiftOf(selected, wanted), selected.rows.length - wanted.count));
  return { first, rows: selected.rows.slice(first, first + wanted.count) };
}

/** By how many positions the row that the reader looks at has moved. */
function shiftOf(selected: SelectedRows, wanted: RowsWanted): number {
  if (wanted.by === "index" || !wanted.anchor) return 0;
  const position = selected.positionOf(wanted.anchor.index);
  return position < 0 ? 0 : position - wanted.anchor.position;
}

function sameRows(one: readonly ResultRow[], other: readonly ResultRow[]): boolean {
  return one.length === other.length && one.every((row, position) => row === other[position]);
}
