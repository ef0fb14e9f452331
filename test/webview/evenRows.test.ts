import assert from "node:assert/strict";
import { test } from "node:test";
import { drawnRows } from "../../src/webview/parts/evenRows.ts";

const positions = (start: number, restStart: number, slots: number) =>
  drawnRows(start, restStart, slots).map(({ position }) => position);
const slotsOf = (start: number, restStart: number, slots: number) =>
  drawnRows(start, restStart, slots).map(({ slot }) => slot);

test("rows are in order while nothing scrolls", () => {
  assert.deepEqual(positions(0, 0, 4), [0, 1, 2, 3]);
  assert.deepEqual(positions(10, 10, 4), [10, 11, 12, 13]);
});

test("while something scrolls, elements stay where they are, and a row that stays in view keeps its own", () => {
  assert.deepEqual(positions(11, 10, 4), [14, 11, 12, 13]);
  assert.deepEqual(positions(7, 10, 4), [10, 7, 8, 9]);
  for (const start of [7, 10, 11, 13, 1_000]) {
    assert.deepEqual(slotsOf(start, 10, 4), slotsOf(10, 10, 4));
    assert.deepEqual(positions(start, 10, 4).toSorted((one, other) => one - other)[3], start + 3);
  }
});
