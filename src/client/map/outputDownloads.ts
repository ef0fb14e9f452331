import type { Output } from "../calls/output.ts";

/** How many values are downloaded at a time; Modal's own number. */
const MAX_DOWNLOADS = 20;

/** Passes outputs on in their order. While the consumer is at work on one, large values of those after it are on their way. */
export function* downloadedAhead(outputs: Iterable<Output>, signal: AbortSignal): Generator<Output> {
  const ahead: Output[] = [];
  for (const output of outputs) {
    if (!output.isLoaded) void settled(output, signal).catch(() => {}); // Its turn tells.
    ahead.push(output);
    while (ahead.length > 0 && (ahead.length >= MAX_DOWNLOADS || ahead[0]?.isLoaded)) yield* ahead.splice(0, 1);
  }
  yield* ahead;
}

/**
 * Waits for an output's value. One that could not be downloaded is like one that could not be read: `value()` says why.
 *
 * @throws the signal's reason when aborted
 */
export async function settled(output: Output, signal: AbortSignal): Promise<void> {
  await output.load(signal).catch(() => signal.throwIfAborted());
}
