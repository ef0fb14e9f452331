import type { InputKey } from "../../ids.ts";

/** So long is waited for the rest of a line. */
const LINE_MS = 50;

/** What a container prints on one of its streams. Python writes the words of a line and its end one by one; here they are put together. */
export class PrintedText {
  readonly #tell: (text: string, input: InputKey | undefined) => void;
  #text = "";
  #input: InputKey | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(tell: (text: string, input: InputKey | undefined) => void) {
    this.#tell = tell;
  }

  /** @param input that printed it */
  add(text: string, input: InputKey | undefined): void {
    if (input !== this.#input) this.flush();
    this.#input = input;
    this.#text += text;
    if (text.endsWith("\n")) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), LINE_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text) this.#tell(this.#text, this.#input);
    this.#text = "";
  }
}
