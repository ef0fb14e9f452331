/** What the user gave cannot be used. The message is one sentence that says why. */
export class InputError extends Error {
  override readonly name = "InputError";
}

/**
 * Parses JSON with integers of any size kept exact, as `bigint` where a number would round them.
 *
 * @throws InputError with what JSON says of the place
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, exactIntegers);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`This is not JSON: ${reason}.`, { cause: error });
  }
}

function exactIntegers(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const isRounded = typeof value === "number" && !Number.isSafeInteger(value);
  return isRounded && context?.source && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}
