import assert from "node:assert/strict";
import { test } from "node:test";
import { ValueCache } from "../../src/webview/results/valueCache.ts";

const text = (characters: number) => ({ kind: "text" as const, text: "x".repeat(characters), length: characters });

test("a value is asked for once, when it is first looked at", () => {
  const requested: number[] = [];
  const values = new ValueCache((index) => requested.push(index));
  const entry = values.look(3);
  assert.equal(entry.value.state, "waiting");
  values.look(3);
  values.answer(3, text(2));
  assert.deepEqual(entry.value, { state: "ready", value: text(2) });
  assert.equal(values.look(3), entry);
  assert.deepEqual(requested, [3]);
});

test("the values looked at longest ago are let go when memory is short", () => {
  const requested: number[] = [];
  const values = new ValueCache((index) => requested.push(index), 100);
  for (const index of [0, 1]) {
    values.look(index);
    values.answer(index, text(20));
  }
  values.look(0);
  values.look(2);
  values.answer(2, text(20));
  requested.length = 0;
  for (const index of [0, 2, 1]) values.look(index);
  assert.deepEqual(requested, [1]);
});

test("a value that alone is larger than the limit can still be looked at", () => {
  const values = new ValueCache(() => {}, 100);
  const entry = values.look(0);
  values.answer(0, text(1000));
  assert.equal(entry.value.state, "ready");
  assert.equal(values.look(0), entry);
});

test("after a failure the next look asks again", () => {
  const requested: number[] = [];
  const values = new ValueCache((index) => requested.push(index));
  const entry = values.look(0);
  values.fail(0, "The result has expired.");
  assert.deepEqual(entry.value, { state: "failed", message: "The result has expired." });
  values.look(0);
  assert.deepEqual(requested, [0, 0]);
});

test("an answer that nobody asked for is dropped", () => {
  const requested: number[] = [];
  const values = new ValueCache((index) => requested.push(index));
  values.answer(9, text(1));
  assert.equal(values.look(9).value.state, "waiting");
  assert.deepEqual(requested, [9]);
});
