import { PythonException, PythonObject } from "../../client/index.ts";
import type { ValueNode } from "../model.ts";
import { cutText } from "./textPreview.ts";
import { valuePreview } from "./valueText.ts";

const MAX_PREVIEW = 120;
const MAX_KEY = 200;

/** A value in a line, with the number of values inside it. */
export function valueNode(key: unknown, value: unknown): ValueNode {
  const name = cutText(typeof key === "string" ? key : valuePreview(key, MAX_KEY), MAX_KEY);
  return { key: name, type: typeOf(value), preview: valuePreview(value, MAX_PREVIEW), children: numChildren(value) };
}

/** The value that a path of positions leads to. Undefined: nothing does. */
export function valueAt(value: unknown, path: readonly number[]): unknown {
  let current = value;
  for (const position of path) current = entries(current, position, position + 1)[0]?.[1];
  return current;
}

/** What is inside a value, from one position to before another, with its keys. */
export function entries(value: unknown, start: number, end: number): [unknown, unknown][] {
  if (Array.isArray(value)) return value.slice(start, end).map((item, place) => [start + place, item]);
  if (value instanceof Set) return taken(value, start, end).map((item, place) => [start + place, item]);
  if (value instanceof Map) return taken(value, start, end);
  return isDict(value) ? Object.entries(value).slice(start, end) : [];
}

function taken<T>(items: Iterable<T>, start: number, end: number): T[] {
  const found: T[] = [];
  let place = 0;
  for (const item of items) {
    if (place >= end) break;
    if (place >= start) found.push(item);
    place += 1;
  }
  return found;
}

function numChildren(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Set || value instanceof Map) return value.size;
  return isDict(value) ? Object.keys(value).length : 0;
}

function typeOf(value: unknown): ValueNode["type"] {
  if (Array.isArray(value) || value instanceof Set) return "list";
  if (value instanceof Map || isDict(value)) return "dict";
  if (typeof value === "string") return "text";
  if (typeof value === "number" || typeof value === "bigint") return "number";
  return typeof value === "boolean" || value === null || value === undefined ? "word" : "other";
}

function isDict(value: unknown): value is object {
  if (typeof value !== "object" || value === null || value instanceof Date || ArrayBuffer.isView(value)) return false;
  return !(value instanceof PythonObject || value instanceof PythonException);
}
