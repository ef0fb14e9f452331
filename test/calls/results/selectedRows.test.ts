import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ResultRow, RowSelection } from "../../../src/calls/model.ts";
import { ResultRows } from "../../../src/calls/results/resultRows.ts";
import { SelectedRows } from "../../../src/calls/results/selectedRows.ts";

const all: RowSelection = { status: undefined, text: "", order: { by: "index", descending: false } };

function resultRow(index: number, some: Partial<ResultRow> = {}): ResultRow {
  const ids = { inputId: `in-${index}`, containerId: "ta-1" };
  const times = { startedAt: 1_000, finishedAt: 1_010 };
  return { index, ...ids, status: "SUCCESS", kind: "json", preview: "1", size: 1, ...times, ...some };
}

function rowsOf(...rows: ResultRow[]): ResultRows {
  const result = new ResultRows();
  result.add(rows);
  return result;
}

function indexes(rows: ResultRows, some: Partial<RowSelection> = {}): number[] {
  return new SelectedRows(rows, { ...all, ...some }).rows.map(({ index }) => index);
}

test("rows are in index order, in whatever order they arrive", () => {
  const rows = rowsOf(resultRow(5), resultRow(0), resultRow(900), resultRow(2));
  assert.deepEqual(indexes(rows), [0, 2, 5, 900]);
  assert.deepEqual(indexes(rows, { order: { by: "index", descending: true } }), [900, 5, 2, 0]);
  assert.deepEqual([rows.size, rows.end], [4, 901]);
});

test("a row that arrives again replaces the first one", () => {
  const rows = rowsOf(resultRow(1, { kind: "image" }));
  const selected = new SelectedRows(rows, { ...all, status: "SUCCESS" });
  assert.deepEqual([rows.images, rows.finished.SUCCESS], [1, 1]);
  rows.add([resultRow(1, { kind: "error", status: "FAILURE" })]);
  selected.update();
  assert.deepEqual([rows.size, rows.images, rows.finished.SUCCESS, rows.finished.FAILURE], [1, 0, 0, 1]);
  assert.equal(rows.get(1)?.status, "FAILURE");
  assert.deepEqual(selected.rows, []);
});

test("rows are sorted by how long they ran, by texts and by the keys of dictionaries", () => {
  const row = (index: number, ms: number, x?: string | number | null) =>
    resultRow(index, { finishedAt: 1_000 + ms, preview: `${ms}`, ...(x !== undefined && { cells: { x } }) });
  const rows = rowsOf(row(0, 30, 2), row(1, 10, "text"), row(2, 20), row(3, 10, -1), row(4, 5, null));
  assert.deepEqual(indexes(rows, { order: { by: "duration", descending: true } }), [0, 2, 1, 3, 4]);
  assert.deepEqual(indexes(rows, { order: { by: "preview", descending: false } }), [1, 3, 2, 0, 4]);
  assert.deepEqual(indexes(rows, { order: { by: "cell:x", descending: false } }), [3, 0, 1, 4, 2]);
  assert.deepEqual(indexes(rows, { order: { by: "cell:x", descending: true } }), [4, 1, 0, 3, 2]);
  assert.deepEqual(indexes(rows, { order: { by: "cell:toString", descending: true } }), [0, 1, 2, 3, 4]);
});

test("the filter takes a status, and a text in preview, input, container or as the index", () => {
  const rows = rowsOf(
    resultRow(1, { preview: "Hello World" }),
    resultRow(2, { status: "FAILURE", preview: "ValueError: hello" }),
    resultRow(21, { preview: "other", inputId: "in-XYZ", containerId: "ta-QQ" }),
  );
  assert.deepEqual(indexes(rows, { text: " HELLO " }), [1, 2]);
  assert.deepEqual(indexes(rows, { text: "hello", status: "FAILURE" }), [2]);
  assert.deepEqual(indexes(rows, { text: "in-xyz" }), [21]);
  assert.deepEqual(indexes(rows, { text: "ta-qq" }), [21]);
  assert.deepEqual(indexes(rows, { text: "nothing" }), []);
});

test("keeping up gives what selecting anew would, and every row's position", () => {
  const rowArbitrary = fc
    .record({ index: fc.nat(40), ms: fc.nat(5), status: fc.constantFrom("SUCCESS" as const, "FAILURE" as const) })
    .map(({ index, ms, status }) => resultRow(index, { finishedAt: 1_000 + ms, status }));
  const selectionArbitrary = fc.record({
    status: fc.constantFrom(undefined, "SUCCESS" as const),
    text: fc.constantFrom("", "in-1"),
    order: fc.record({ by: fc.constantFrom("index" as const, "duration" as const), descending: fc.boolean() }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(rowArbitrary)), selectionArbitrary, (batches, selection) => {
      const rows = new ResultRows();
      const kept = new SelectedRows(rows, selection);
      for (const batch of batches) {
        rows.add(batch);
        kept.update();
        assert.deepEqual(kept.rows, new SelectedRows(rows, selection).rows);
        kept.rows.forEach((row, position) => {
          assert.equal(kept.positionOf(row.index), position);
        });
      }
    }),
    { seed: 7 },
  );
});

test("columns are the keys of dictionaries as they were first seen, a dozen at most", () => {
  const rows = rowsOf(resultRow(0), resultRow(1, { cells: { b: 1, a: 2 } }), resultRow(2, { cells: { a: 1, c: 3 } }));
  assert.deepEqual(rows.columns, ["b", "a", "c"]);
  rows.add([resultRow(3, { cells: Object.fromEntries(Array.from({ length: 12 }, (_, key) => [`key${key}`, key])) })]);
  assert.equal(rows.columns.length, 12);
});
