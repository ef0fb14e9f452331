/** A text is no Python literal. The message is a part of a sentence. */
export class PythonLiteralError extends Error {
  override readonly name = "PythonLiteralError";
  /** Where in the text. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
