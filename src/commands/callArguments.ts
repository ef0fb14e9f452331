import { parseJson } from "./json.ts";

/** What a function is called with. */
export interface CallArguments {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

const noArguments: CallArguments = { args: [], kwargs: {} };

/**
 * Reads what the user typed: a JSON array is the positional arguments, an object the keyword arguments, any other JSON
 * value the only argument, and nothing is no arguments.
 *
 * @throws InputError when it is not JSON
 */
export function parseArguments(text: string): CallArguments {
  if (text.trim() === "") return noArguments;
  const value = parseJson(text);
  if (Array.isArray(value)) return { args: value, kwargs: {} };
  if (typeof value === "object" && value !== null) return { args: [], kwargs: { ...value } };
  return { args: [value], kwargs: {} };
}
