import type { Readable } from "node:stream";

/** What may wait for a reader that takes its time, before the stream is held back. */
const MAX_BYTES_WAITING = 256 * 1024;

/**
 * The messages of a stream, together with those that came in the same turn of the event loop: to pass each on by itself costs more than to
 * receive it. All that came before a failure is given first.
 *
 * @param stream of serialized messages
 * @throws what the stream fails with
 */
export async function* arrivals(stream: Readable): AsyncGenerator<readonly Buffer[], void, undefined> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let failure: { readonly error: unknown } | undefined;
  let isEnded = false;
  let wake = () => {};
  stream.on("data", (message: Buffer) => {
    bytes += message.length;
    if (waiting.push(message) === 1) setImmediate(() => wake());
    if (bytes >= MAX_BYTES_WAITING) stream.pause();
  });
  stream.on("error", (error) => {
    failure = { error };
  });
  // Comes after all messages, also where the stream failed.
  stream.on("end", () => {
    isEnded = true;
    wake();
  });
  for (;;) {
    if (waiting.length > 0) {
      const messages = waiting;
      waiting = [];
      bytes = 0;
      stream.resume();
      yield messages;
    } else if (!isEnded) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    } else if (failure) throw failure.error;
    else return;
  }
}
