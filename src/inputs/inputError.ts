/** What the user gave cannot be used. The message is one sentence that says why. */
export class InputError extends Error {
  override readonly name = "InputError";
}
