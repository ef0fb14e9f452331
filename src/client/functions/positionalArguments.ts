import type { FunctionSchema } from "../../proto/gen/modal_pb.js";

/** Keyword arguments of a Python function. */
export type Kwargs = Readonly<Record<string, unknown>>;

interface Arguments {
  readonly args: readonly unknown[];
  readonly kwargs: Kwargs;
}

/**
 * Python takes parameters before a `/` by their position only. Those who know them by name, such as forms, files of inputs and language
 * models, give them by name; here they go where they belong. What cannot go there, because one before it is not given, stays as it is,
 * and is refused by Python.
 *
 * @param schema of a server that says which parameters these are; only our engine does
 */
export function positionalArguments(
  schema: FunctionSchema | undefined,
): (args: readonly unknown[], kwargs: Kwargs) => Arguments {
  const names = (schema?.arguments ?? []).filter(({ positionalOnly }) => positionalOnly).map(({ name }) => name);
  if (names.length === 0) return (args, kwargs) => ({ args, kwargs });
  return (args, kwargs) => {
    const placed = [...args];
    const rest = new Map(Object.entries(kwargs));
    for (const name of names.slice(args.length)) {
      if (!rest.has(name)) break;
      placed.push(rest.get(name));
      rest.delete(name);
    }
    return { args: placed, kwargs: Object.fromEntries(rest) };
  };
}
