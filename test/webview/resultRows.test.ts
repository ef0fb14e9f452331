import assert from "node:assert/strict";
import { test } from "node:test";
import { computed } from "@preact/signals";
import { durationMs, ResultRows, type RowSelection } from "../../src/webview/results/resultRows.ts";
import { resultRow } from "./samples.ts";

const all: RowSelection = { status: undefined, text: "", order: { by: "index", descending: false } };

function rowsOf(...rows: ReturnType<typeof resultRow>[]): ResultRows {
  const result = new ResultRows();
  result.add(rows);
  return result;
}

test("rows are in index order, in whatever order they arrive", () => {
  const rows = rowsOf(resultRow(5), resultRow(0), resultRow(900), resultRow(2));
  const indexes = (selection: RowSelection) => rows.select(selection).map((row) => row.index);
  assert.deepEqual(indexes(all), [0, 2, 5, 900]);
  assert.deepEqual(indexes({ ...all, order: { by: "index", descending: true } }), [900, 5, 2, 0]);
  assert.equal(rows.size, 4);
  assert.equal(rows.end, 901);
});

test("a row that arrives again replaces the first one", () => {
  const rows = rowsOf(resultRow(1, { kind: "image" }), resultRow(1, { kind: "error", status: "FAILURE" }));
  assert.equal(rows.size, 1);
  assert.equal(rows.images, 0);
  assert.equal(rows.get(1)?.status, "FAILURE");
});

test("rows are sorted by how long they ran", () => {
  const ran = (index: number, ms: number) => resultRow(index, { startedAt: 1000, finishedAt: 1000 + ms });
  const rows = rowsOf(ran(0, 30), ran(1, 10), ran(2, 20));
  const sorted = rows.select({ ...all, order: { by: "duration", descending: true } });
  assert.deepEqual(
    sorted.map((row) => row.index),
    [0, 2, 1],
  );
  assert.equal(durationMs(ran(3, -5)), 0);
});

test("the filter takes a status, and a text in preview, input, container or as the index", () => {
  const rows = rowsOf(
    resultRow(1, { preview: "Hello World" }),
    resultRow(2, { status: "FAILURE", preview: "ValueError: hello" }),
    resultRow(21, { preview: "other", inputId: "in-XYZ", containerId: "ta-QQ" }),
  );
  const indexes = (some: Partial<RowSelection>) => rows.select({ ...all, ...some }).map((row) => row.index);
  assert.deepEqual(indexes({ text: " HELLO " }), [1, 2]);
  assert.deepEqual(indexes({ text: "hello", status: "FAILURE" }), [2]);
  assert.deepEqual(indexes({ text: "in-xyz" }), [21]);
  assert.deepEqual(indexes({ text: "ta-qq" }), [21]);
  assert.deepEqual(indexes({ text: "2" }).includes(2), true);
  assert.deepEqual(indexes({ text: "nothing" }), []);
});

test("a computed signal that reads rows is told of new ones", () => {
  const rows = new ResultRows();
  const size = computed(() => rows.select(all).length);
  assert.equal(size.value, 0);
  rows.add([resultRow(0)]);
  assert.equal(size.value, 1);
  rows.clear();
  assert.equal(size.value, 0);
});
