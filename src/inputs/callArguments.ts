import { parseInputValue } from "./inputValue.ts";

/** What a function is called with. */
export interface CallArguments {
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
}

const noArguments: CallArguments = { args: [], kwargs: {} };

/**
 * Reads what the user typed, as JSON or as Python literals: a list (or what stands between commas) is the positional arguments, an
 * object or dictionary the keyword arguments, any other value the only argument, and nothing is no arguments.
 *
 * @throws InputError when it is neither
 */
export function parseArguments(text: string): CallArguments {
  if (text.trim() === "") return noArguments;
  const value = parseInputValue(text);
  if (Array.isArray(value)) return { args: value, kwargs: {} };
  if (isPlainObject(value)) return { args: [], kwargs: value };
  return { args: [value], kwargs: {} };
}

/** Not a set, and not bytes. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return Object.prototype.toString.call(value) === "[object Object]";
}
