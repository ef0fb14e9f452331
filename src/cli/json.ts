import { UsageError } from "./cliError.ts";
import { findJsonFault } from "./jsonSyntax.ts";

export { jsonText } from "../inputs/valueJson.ts";

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
