import { SerializationError } from "../errors.ts";

/** The error for a value that has no form in Python. */
export function unsendable(what: string): SerializationError {
  return new SerializationError(
    `The value cannot be sent: it holds ${what}, which has no form in Python; use plain objects, arrays, numbers, strings and bytes.`,
  );
}

/** Runs an encoder that walks through values, and explains the end of the stack. */
export function withoutCircles<T>(encode: () => T): T {
  try {
    return encode();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new SerializationError("The value cannot be sent: it contains itself or is nested too deeply.", {
      cause: error,
    });
  }
}

/** Whether an object is no instance of a class. Also true for plain objects of another realm, such as those of a `vm` context. */
export function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
