import assert from "node:assert/strict";
import { test } from "node:test";
import type { RowsWanted } from "../../src/panel/messages.ts";
import { ShownRows } from "../../src/webview/results/shownRows.ts";
import { resultRow, rowsWindow } from "./samples.ts";

interface Look {
  readonly number: number;
  readonly wanted: RowsWanted;
  readonly opened: number | undefined;
}

/** The rows of a page, and all that it asked the host for. */
function newRows() {
  const looks: Look[] = [];
  const rows = new ShownRows((number, wanted, opened) => looks.push({ number, wanted, opened }));
  rows.startOver();
  return { rows, looks };
}

test("one look at a time: what is wanted meanwhile is asked for after the answer, and only the last of it", () => {
  const { rows, looks } = newRows();
  rows.lookAt(1_000, 1_020, undefined);
  rows.lookAt(5_000, 5_020, undefined);
  assert.equal(looks.length, 1);
  rows.show(rowsWindow(1, [resultRow(0)], { matching: 10_000 }));
  assert.deepEqual(
    looks.map(({ number, wanted }) => [number, wanted.first]),
    [
      [1, 0],
      [2, 4_800],
    ],
  );
});

test("nothing is asked for twice", () => {
  const { rows, looks } = newRows();
  rows.show(rowsWindow(1, [resultRow(0)]));
  rows.lookAt(0, 20, undefined);
  rows.show(rowsWindow(2, [resultRow(0)]));
  rows.lookAt(0, 20, undefined);
  rows.lookAt(5, 25, undefined);
  rows.show(rowsWindow(2, [resultRow(0), resultRow(1)]));
  assert.deepEqual(
    looks.map(({ wanted }) => wanted.count),
    [200, 250],
  );
});

test("another selection does not wait, and answers to the one before are no answers to it", () => {
  const { rows, looks } = newRows();
  rows.select({ ...rows.selection, status: "FAILURE" });
  assert.equal(looks.length, 2);
  rows.show(rowsWindow(1, [resultRow(0)]));
  assert.equal(rows.matching, 0);
  rows.show(rowsWindow(2, [resultRow(7)]));
  assert.equal(rows.at(0)?.index, 7);
});

test("a row that is not there yet is opened when it comes, unless another one was opened meanwhile", () => {
  const { rows } = newRows();
  rows.openAt(1);
  assert.equal(rows.openedIndex.value, undefined);
  rows.show(rowsWindow(1, [resultRow(3), resultRow(8)]));
  assert.equal(rows.openedIndex.value, 8);
  rows.openAt(2);
  rows.open(3);
  rows.show(rowsWindow(2, [resultRow(3), resultRow(8), resultRow(9)]));
  assert.equal(rows.openedIndex.value, 3);
});
