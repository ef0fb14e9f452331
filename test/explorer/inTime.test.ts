import assert from "node:assert/strict";
import { test } from "node:test";
import { inTime, NoAnswerError } from "../../src/explorer/inTime.ts";

test("an answer and an error that come in time are passed on", async () => {
  assert.equal(await inTime(Promise.resolve(3), "faraway", 60_000), 3);
  await assert.rejects(inTime(Promise.reject(new TypeError("no")), "faraway", 60_000), TypeError);
});

test("a server that says nothing is named, with what to do", async () => {
  await assert.rejects(inTime(new Promise(() => {}), "faraway", 1), (error) => {
    assert.ok(error instanceof NoAnswerError);
    assert.match(error.message, /^faraway has not answered .* try again\.$/);
    return true;
  });
});
