import type { OpenedValue } from "../results/openedValue.ts";
import { entries } from "../results/valueNodes.ts";
import { valuePreview } from "../results/valueText.ts";
import { canonicalText } from "./canonicalText.ts";
import type { ValueDifference } from "./comparedModel.ts";

/** Nobody reads more than these. */
const MAX_DIFFERENCES = 200;
/** Deeper than this, values are told apart as a whole. */
const MAX_DEPTH = 100;
const MAX_PREVIEW = 300;
/** Of texts, so much before the first character that differs. */
const CONTEXT_CHARACTERS = 40;

/** Where two values differ, in their order; at most 200 places. Keys are compared by key, items of lists by position. */
export function valueDifferences(left: unknown, right: unknown): readonly ValueDifference[] {
  const found: ValueDifference[] = [];
  compare(left, right, "", 0, found);
  return found;
}

/** Where two results differ. Undefined: they are of kinds that have no parts, such as pictures. */
export function openedDifferences(left: OpenedValue, right: OpenedValue): readonly ValueDifference[] | undefined {
  const [one, other] = [left.comparable, right.comparable];
  return one && other && valueDifferences(one.value, other.value);
}

function compare(left: unknown, right: unknown, path: string, depth: number, found: ValueDifference[]): void {
  if (found.length >= MAX_DIFFERENCES || isSame(left, right)) return;
  if (depth < MAX_DEPTH && kindOf(left) !== "leaf" && kindOf(left) === kindOf(right)) {
    compareParts(left, right, path, depth, found);
  } else if (typeof left === "string" && typeof right === "string") {
    found.push({ path, ...textDifference(left, right) });
  } else {
    found.push({ path, left: valuePreview(left, MAX_PREVIEW), right: valuePreview(right, MAX_PREVIEW) });
  }
}

function compareParts(left: unknown, right: unknown, path: string, depth: number, found: ValueDifference[]): void {
  const others = partsOf(right);
  for (const [key, item] of partsOf(left)) {
    const other = others.get(key);
    others.delete(key);
    if (other) compare(item.value, other.value, path + item.step, depth + 1, found);
    else if (found.length < MAX_DIFFERENCES) {
      found.push({ path: path + item.step, left: valuePreview(item.value, MAX_PREVIEW), right: undefined });
    }
  }
  for (const { step, value } of others.values()) {
    if (found.length >= MAX_DIFFERENCES) return;
    found.push({ path: path + step, left: undefined, right: valuePreview(value, MAX_PREVIEW) });
  }
}

function isSame(left: unknown, right: unknown): boolean {
  const text = canonicalText(left);
  return text === undefined ? left === right : text === canonicalText(right);
}

type Kind = "list" | "set" | "dict" | "leaf";

function kindOf(value: unknown): Kind {
  if (Array.isArray(value)) return "list";
  if (value instanceof Set) return "set";
  if (value instanceof Map) return "dict";
  return entries(value, 0, 1).length > 0 || isEmptyDict(value) ? "dict" : "leaf";
}

function isEmptyDict(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

interface Part {
  /** How Python would go there, e.g. `["name"]` or `[3]`. */
  readonly step: string;
  readonly value: unknown;
}

/** What is inside a value, by what it is compared by: its key, its position, or of an item of a set itself. */
function partsOf(value: unknown): Map<string, Part> {
  const isSet = value instanceof Set;
  return new Map(
    entries(value, 0, Number.POSITIVE_INFINITY).map(([key, item], position) => [
      canonicalText(isSet ? item : key) ?? `#${position}`,
      { step: isSet ? "{}" : `[${valuePreview(key, MAX_PREVIEW)}]`, value: item },
    ]),
  );
}

/** The beginning of what differs, with a little of what is before it. */
function textDifference(left: string, right: string): { readonly left: string; readonly right: string } {
  let same = 0;
  while (same < left.length && left[same] === right[same]) same += 1;
  const start = Math.max(0, same - CONTEXT_CHARACTERS);
  const shown = (text: string) => (start > 0 ? "…" : "") + valuePreview(text.slice(start), MAX_PREVIEW);
  return { left: shown(left), right: shown(right) };
}
