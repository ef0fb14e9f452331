import type { Kwargs } from "../client/index.ts";
import { UsageError } from "./cliError.ts";
import { parseJson } from "./json.ts";

/** Options of commands that call a function. */
export interface CallOptions {
  readonly args?: string;
  readonly kwargs?: string;
}

/** @throws UsageError when the text is no JSON array */
export function parseArgs({ args = "[]" }: CallOptions): readonly unknown[] {
  return asArguments(parseJson(args, "--args"), "--args");
}

/** @throws UsageError when the text is no JSON object */
export function parseKwargs({ kwargs = "{}" }: CallOptions): Kwargs {
  const value = parseJson(kwargs, "--kwargs");
  if (isPlainObject(value)) return value;
  throw new UsageError(`--kwargs must be a JSON object, such as {"name": 1}, not ${kwargs}.`);
}

/** The positional arguments in one value. `where` begins the message. */
export function asArguments(value: unknown, where: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new UsageError(`${where} must be a JSON array of arguments, such as [1, "two"].`);
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
