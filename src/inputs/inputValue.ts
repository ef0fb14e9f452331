import { InputError } from "./inputError.ts";
import { PythonLiteralError, parsePythonLiteral } from "./pythonLiteral.ts";

/**
 * Reads a value as people type it: JSON, or a Python literal such as `{'a': None, 'b': (1, 2)}`. Integers of any size are kept
 * exact, as `bigint` where a number would round them.
 *
 * @throws InputError with the place of what is neither
 */
export function parseInputValue(text: string): unknown {
  try {
    return JSON.parse(text, exactIntegers);
  } catch (jsonError) {
    try {
      return parsePythonLiteral(text);
    } catch (error) {
      if (!(error instanceof PythonLiteralError)) throw error;
      throw new InputError(`This is neither JSON nor a Python literal: ${placeOf(text, error)}${error.message}.`, {
        cause: jsonError,
      });
    }
  }
}

/** Of a text of one line the column is enough. */
function placeOf(text: string, { offset }: PythonLiteralError): string {
  const before = text.slice(0, offset).split("\n");
  const column = `column ${(before.at(-1)?.length ?? 0) + 1}: `;
  return text.trimEnd().includes("\n") ? `line ${before.length}, ${column}` : column;
}

function exactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === "number" && !Number.isSafeInteger(value);
  return isRounded && context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
