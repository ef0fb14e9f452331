import type { Cell, ResultRow, RowOrder, RowSelection } from "../model.ts";

/** Whether a row is one of those that the reader wants to see. */
export function rowFilter({ status, text }: Pick<RowSelection, "status" | "text">): (row: ResultRow) => boolean {
  const wanted = text.trim().toLowerCase();
  return (row) => (status === undefined || row.status === status) && (wanted === "" || mentions(row, wanted));
}

function mentions(row: ResultRow, wanted: string): boolean {
  return (
    row.preview.toLowerCase().includes(wanted) ||
    String(row.index) === wanted ||
    row.inputId.toLowerCase().includes(wanted) ||
    row.containerId.toLowerCase().includes(wanted)
  );
}

/** Compares rows as `Array.sort` wants it. Equal ones stay in the order of their indexes; those without a value come last. */
export function rowComparison({ by, descending }: RowOrder): (left: ResultRow, right: ResultRow) => number {
  const sign = descending ? -1 : 1;
  if (by === "index") return (left, right) => sign * (left.index - right.index);
  const value = sortValue(by);
  return (left, right) => {
    const one = value(left);
    const other = value(right);
    if (one === other) return left.index - right.index;
    if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
    return sign * compareCells(one, other) || left.index - right.index;
  };
}

function sortValue(by: Exclude<RowOrder["by"], "index">): (row: ResultRow) => Cell | undefined {
  switch (by) {
    case "status":
      return (row) => row.status;
    case "preview":
      return (row) => row.preview;
    case "duration":
      return (row) => Math.max(0, row.finishedAt - row.startedAt);
    case "container":
      return (row) => row.containerId;
    default: {
      const key = by.slice("cell:".length);
      return ({ cells }) => (cells && Object.hasOwn(cells, key) ? cells[key] : undefined);
    }
  }
}

/** Numbers before texts before everything else. */
function compareCells(one: Cell, other: Cell): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  if (typeof one === "string" && typeof other === "string") return one < other ? -1 : 1;
  return rank(one) - rank(other) || Number(one) - Number(other);
}

function rank(cell: Cell): number {
  if (typeof cell === "number") return 0;
  return typeof cell === "string" ? 1 : 2;
}
