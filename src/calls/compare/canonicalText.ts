import { Decimal, PythonException, PythonObject } from "../../client/index.ts";

/** Deeper values are compared by their serialized bytes. */
const MAX_DEPTH = 500;

/**
 * A text that two values share when they are the same: the order of keys in dictionaries and of items in sets counts for nothing, NaN is
 * the same as NaN, and 1 as 1.0, which Modal's formats do not always keep apart. Undefined where a value has parts that are not known
 * here, such as objects of Python classes.
 */
export function canonicalText(value: unknown, depth = 0): string | undefined {
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return wrapped("[", textsOf(value, depth), "]");
  if (value instanceof Set) return wrapped("s{", textsOf([...value], depth)?.sort(), "}");
  if (value instanceof Map) return wrapped("{", entryTexts([...value], depth)?.sort(), "}");
  if (value instanceof Uint8Array) return `b${Buffer.from(value).toString("base64")}`;
  if (value instanceof Date) return `d${value.toISOString()}`;
  if (value instanceof Decimal) return `n${value.digits}`;
  if (value instanceof PythonException) return `e${value}`;
  if (value instanceof PythonObject) return undefined;
  if (typeof value === "object" && value !== null) {
    return wrapped("{", entryTexts(Object.entries(value), depth)?.sort(), "}");
  }
  return scalarText(value);
}

function scalarText(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "number") return String(value ?? null);
  // An integer is the same whether it came as a float or as one of any size; so is zero with either sign.
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? String(BigInt(value)) : String(value);
}

function entryTexts(entries: readonly (readonly [unknown, unknown])[], depth: number): string[] | undefined {
  const texts: string[] = [];
  for (const entry of entries) {
    const [key, item] = textsOf(entry, depth) ?? [];
    if (key === undefined || item === undefined) return undefined;
    texts.push(`${key}:${item}`);
  }
  return texts;
}

function textsOf(items: readonly unknown[], depth: number): string[] | undefined {
  const texts: string[] = [];
  for (const item of items) {
    const text = canonicalText(item, depth + 1);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

function wrapped(open: string, texts: readonly string[] | undefined, close: string): string | undefined {
  return texts && `${open}${texts.join()}${close}`;
}
