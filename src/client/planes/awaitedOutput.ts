import type { FunctionGetOutputsItem } from "../../proto/gen/modal_pb.js";
import { Output } from "../calls/output.ts";
import type { References } from "../payloads/payload.ts";

/**
 * So long may the answer to a call be held for its output, by a server that knows how to: that is one request instead of two for a
 * short call. The id of a longer one comes later by so much, and its output does not.
 */
export const OUTPUT_WAIT_MS = 20;

/** The output that came with the answer to a call, if it did. */
export class AwaitedOutput {
  #item: FunctionGetOutputsItem | undefined;
  readonly #references: References;

  constructor(item: FunctionGetOutputsItem | undefined, references: References) {
    this.#item = item;
    this.#references = references;
  }

  /** Gives it once: a retry has an output of its own. */
  take(signal: AbortSignal | undefined): Output | undefined {
    const item = this.#item;
    this.#item = undefined;
    if (!item) return undefined;
    signal?.throwIfAborted();
    return new Output(item, this.#references);
  }
}
