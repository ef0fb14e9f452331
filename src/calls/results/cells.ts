import type { Cell } from "../model.ts";
import { cutText, textPreview } from "./textPreview.ts";
import { valuePreview } from "./valueText.ts";

const MAX_CELLS = 12;
const MAX_CHARACTERS = 60;

/** What the first keys of a dictionary hold. Undefined: it is none, or an empty one. Keys that are no texts are left out. */
export function cellsOf(value: unknown): Readonly<Record<string, Cell>> | undefined {
  const cells: [string, Cell][] = [];
  for (const [key, item] of entriesOf(value)) {
    if (cells.length === MAX_CELLS) break;
    if (typeof key === "string") cells.push([cutText(key, MAX_CHARACTERS), cellOf(item)]);
  }
  return cells.length > 0 ? Object.fromEntries(cells) : undefined;
}

/** A value as a cell shows it. */
export function cellOf(value: unknown): Cell {
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value === "boolean" || value === null) return value;
  if (value === undefined) return null;
  return typeof value === "string" ? textPreview(value, MAX_CHARACTERS) : valuePreview(value, MAX_CHARACTERS);
}

function entriesOf(value: unknown): Iterable<[unknown, unknown]> {
  if (value instanceof Map) return value;
  const isPlain = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isPlain ? Object.entries(value) : [];
}
