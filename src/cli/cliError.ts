/** The user's input makes no sense. The message is one sentence that says what would. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The user, or the reader of our output, wants no more. Commands clean up and let it pass. */
export class Interruption extends Error {
  override readonly name = "Interruption";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}
