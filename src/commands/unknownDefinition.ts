import type { ServedFunction } from "../editor/namedFunction.ts";
import { InputError } from "../inputs/inputError.ts";

/** Of a function of an account, whose file is not open. */
export function unknownDefinition({ functionName }: ServedFunction): InputError {
  const what = functionName || "the function";
  return new InputError(`Modal does not tell where ${what} is defined; open its file, and try again.`);
}
