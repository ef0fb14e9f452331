import { DeserializationError } from "../errors.ts";

/** The error for bytes that no pickler has written. */
export function damaged(what: string): DeserializationError {
  return new DeserializationError(
    `The result is a damaged pickle (${what}), so it cannot be read; make the call again.`,
  );
}

/** The error for a pickle that may be sound, but would take more of this process than a result may. */
export function tooLarge(what: string): DeserializationError {
  return new DeserializationError(`The result cannot be read here: ${what}; return less at once, or return bytes.`);
}
