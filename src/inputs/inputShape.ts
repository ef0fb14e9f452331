import { InputError } from "./inputError.ts";

/**
 * How an item of a list, a line or a row of a table becomes the arguments of one input: it is the only argument (of a table a
 * dictionary), a list of arguments in their order, or a dictionary of arguments by name.
 */
export type InputShape = "value" | "list" | "names";

export function isInputShape(value: unknown): value is InputShape {
  return value === "value" || value === "list" || value === "names";
}

/**
 * The positional arguments that an item stands for.
 *
 * @param place where the item stands, for the message
 * @param parameters the function's parameters in their order, for `names`: a map has keyword arguments only for all of its inputs
 * @throws InputError the item does not have this shape
 */
export function argumentsOf(
  value: unknown,
  shape: InputShape,
  place: string,
  parameters: readonly string[],
): readonly unknown[] {
  if (shape === "value") return [value];
  if (shape === "names") return byName(value, place, parameters);
  if (Array.isArray(value)) return value;
  throw new InputError(`${place}: a list of arguments is needed, such as [1, 2].`);
}

function byName(value: unknown, place: string, parameters: readonly string[]): readonly unknown[] {
  if (Object.prototype.toString.call(value) !== "[object Object]")
    throw new InputError(`${place}: a dictionary of arguments is needed, such as {"name": 1}.`);
  const given = new Map(Object.entries(value as Readonly<Record<string, unknown>>));
  for (const name of given.keys()) {
    if (parameters.includes(name)) continue;
    throw new InputError(
      `${place}: the function has no parameter "${name}"; it has: ${parameters.join(", ") || "none"}.`,
    );
  }
  const names = parameters.slice(0, given.size);
  const missing = names.find((name) => !given.has(name));
  if (missing === undefined) return names.map((name) => given.get(name));
  throw new InputError(`${place}: "${missing}" is missing, which stands before others that are given.`);
}
