import { UsageError } from "./cliError.ts";
import { findJsonFault } from "./jsonSyntax.ts";

/** What this JSON has more than JSON, for `--help`. */
export const JSON_HELP = `
JSON values:
  Integers of any size stay exact. Bytes are written {"$bytes":"<base64>"}, floats that JSON lacks {"$float":"nan"},
  and dictionaries whose keys are not text {"$map":[[key,value],…]}. Results are printed in the same way;
  what only Python has is described in them: {"$python":"<myapp.Point, 120 bytes>"}.`;

/**
 * Reads a value that the user wrote.
 *
 * @param where what is read, e.g. `--args`, to begin the message with
 * @throws UsageError with the position of the mistake
 */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text, fromJson);
  } catch (error) {
    const fault = findJsonFault(text);
    if (!fault) throw new UsageError(`${where} is not valid JSON: ${String(error)}`, { cause: error });
    const { line, column, problem } = fault;
    const place = text.includes("\n") ? `line ${line}, column ${column}` : `column ${column}`;
    throw new UsageError(`${where} is not valid JSON at ${place}: ${problem}.`, { cause: error });
  }
}

/** Writes a value as JSON; what JSON lacks is written as {@link JSON_HELP} says. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, toJson, indent) ?? "null";
}

/** The `context` argument is in V8 since Node.js 21: https://github.com/tc39/proposal-json-parse-with-source */
function fromJson(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")) {
    return BigInt(context?.source ?? 0);
  }
  if (typeof value !== "object" || value === null) return value;
  const [[tag, content] = [], second] = Object.entries(value);
  if (second !== undefined) return value;
  if (tag === "$bytes" && typeof content === "string") return Uint8Array.from(Buffer.from(content, "base64"));
  if (tag === "$float" && typeof content === "string") return FLOATS[content] ?? value;
  if (tag === "$map" && Array.isArray(content)) return new Map(content as [unknown, unknown][]);
  return value;
}

const FLOATS: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, "-inf": -Infinity };

/** `value` has been through `toJSON` already, which dates and buffers have; the holder still has the value itself. */
function toJson(this: unknown, key: string, value: unknown): unknown {
  const original: unknown = (this as Record<string, unknown>)[key];
  if (original === undefined) return null;
  if (typeof original === "bigint") return exactInteger(original);
  if (typeof original === "number" && !Number.isFinite(original)) return { $float: floatName(original) };
  if (original instanceof Uint8Array) return { $bytes: Buffer.from(original).toString("base64") };
  if (ArrayBuffer.isView(original)) return Array.from(original as unknown as Iterable<unknown>);
  if (original instanceof Set) return [...original];
  if (original instanceof Map) return mapToJson(original);
  return value;
}

function floatName(value: number): string {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

function mapToJson(map: ReadonlyMap<unknown, unknown>): unknown {
  const hasTextKeys = [...map.keys()].every((key) => typeof key === "string");
  return hasTextKeys ? Object.fromEntries(map) : { $map: [...map] };
}

/** `JSON.rawJSON` is in V8 since Node.js 21, and not yet in TypeScript's library. */
function exactInteger(value: bigint): unknown {
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(value.toString());
}
