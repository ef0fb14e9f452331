import assert from "node:assert/strict";
import { test } from "node:test";
import { PollPace } from "../../src/client/calls/pollPace.ts";

/** Asks once for each answer, and returns the pauses that were made, in milliseconds. */
async function pausesAfter(answers: readonly string[], waitMs: number): Promise<number[]> {
  const pausesMs: number[] = [];
  const pace = new PollPace((durationMs) => {
    pausesMs.push(durationMs);
    return Promise.resolve();
  });
  for (const answer of answers) {
    const got = await pace.ask(
      () => Promise.resolve(answer),
      (text) => text === "",
      { waitMs },
    );
    assert.equal(got, answer);
  }
  return pausesMs;
}

test("a server that answers empty without holding the request is asked more and more slowly", async () => {
  const empty = Array<string>(8).fill("");
  assert.deepEqual(await pausesAfter(empty, 55_000), [10, 20, 40, 80, 160, 320, 500, 500]);
});

test("an answer with something in it is followed by the next request at once, and forgives the empty ones", async () => {
  assert.deepEqual(await pausesAfter(["", "", "output", "output", ""], 55_000), [10, 20, 10]);
});

test("a server that was not asked to hold the request may answer at once", async () => {
  assert.deepEqual(await pausesAfter(["", ""], 0), []);
});
