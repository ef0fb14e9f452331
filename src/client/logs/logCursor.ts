import type { TaskLogs, TaskLogsBatch } from "../../proto/gen/modal_pb.js";

/**
 * A place in a stream of logs. Servers give ids to batches only, so the place of an entry is the id of the last batch before it, and
 * how many entries after that batch are read: whoever stops inside a batch goes on with the next entry of it.
 */
export class LogCursor {
  /** Where the server begins; empty for the oldest that it has. */
  #entryId: string;
  /** Entries after that which were read. */
  #numRead: number;
  /** Of those, the ones that the stream that is open now will bring again. */
  #toSkip = 0;

  /** @param text what {@link text} gave before; the id of a batch is one too */
  constructor(text = "") {
    const [, entryId = text, numRead = "0"] = /^(.*)\+(\d+)$/s.exec(text) ?? [];
    this.#entryId = entryId;
    this.#numRead = Number(numRead);
  }

  get text(): string {
    return this.#numRead === 0 ? this.#entryId : `${this.#entryId}+${this.#numRead}`;
  }

  /** The id that a new stream begins after. */
  begin(): string {
    this.#toSkip = this.#numRead;
    return this.#entryId;
  }

  /** The items of the next batch that were not read before, each with the cursor behind it. */
  *read(batch: TaskLogsBatch): Generator<{ readonly item: TaskLogs; readonly cursor: string }> {
    // Items without text report progress and container states.
    const items = batch.items.filter(({ data }) => data !== "");
    for (const [position, item] of items.entries()) {
      if (this.#toSkip > 0) {
        this.#toSkip -= 1;
        continue;
      }
      this.#numRead += 1;
      if (position === items.length - 1) this.#end(batch);
      yield { item, cursor: this.text };
    }
    this.#end(batch);
  }

  #end({ entryId }: TaskLogsBatch): void {
    if (!entryId) return;
    this.#entryId = entryId;
    this.#numRead = this.#toSkip;
  }
}
