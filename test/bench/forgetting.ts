import { setTimeout as delay } from "node:timers/promises";
import { durationMs, report } from "./figures.ts";
import type { Bench } from "./part.ts";

const INPUTS = 100_000;
const ASK_EVERY_MS = 5;

/**
 * Measures how long the engine takes to forget a call, beside the time in which it was made, stored and delivered, and the longest that
 * another request waited meanwhile.
 */
export async function measureForgetting({ modal, engine }: Bench): Promise<void> {
  await engine.clean({ olderThanMs: 0 }); // What was measured before.
  const inputs = Array.from({ length: INPUTS }, (_, index) => index);
  const madeMs = await durationMs(async () => {
    for await (const _ of modal.functions.fromName("bench", "square").map([inputs]));
  });
  let isDone = false;
  let longestMs = 0;
  const askMeanwhile = async () => {
    while (!isDone) {
      longestMs = Math.max(longestMs, await durationMs(() => engine.status()));
      await delay(ASK_EVERY_MS);
    }
  };
  const asking = askMeanwhile();
  const forgottenMs = await durationMs(() => engine.clean({ olderThanMs: 0 }));
  isDone = true;
  await asking;
  report({ name: "a call of 100,000 inputs forgotten, beside made", unit: "ms", ours: forgottenMs, peer: madeMs });
  report({ name: "longest that another request waited meanwhile", unit: "ms", ours: longestMs });
}
