import assert from "node:assert/strict";
import { test } from "node:test";
import { ResultRows } from "../../src/calls/results/resultRows.ts";
import type { ResultRow, RowSelection, RowsWanted } from "../../src/panel/messages.ts";
import { RowsDesk } from "../../src/panel/rowsDesk.ts";

const everything: RowSelection = { status: undefined, text: "", order: { by: "index", descending: false } };

function rowsFrom(first: number, count: number, some: Partial<ResultRow> = {}): ResultRow[] {
  return Array.from({ length: count }, (_, place) => ({
    index: first + place,
    inputId: "in-1",
    status: "SUCCESS",
    kind: "json",
    preview: "1",
    size: 1,
    startedAt: 1,
    finishedAt: 2,
    containerId: "ta-1",
    ...some,
  }));
}

function atDesk(...rows: ResultRow[]) {
  const known = new ResultRows();
  known.add(rows);
  const desk = new RowsDesk(known);
  let number = 0;
  const look = (wanted: Partial<Extract<RowsWanted, { by: "position" }>>, opened?: number) => {
    number += 1;
    const all = { by: "position", selection: everything, first: 0, count: 10, anchor: undefined, ...wanted } as const;
    desk.look({ type: "look", number, wanted: all, opened });
    const window = desk.window();
    assert.ok(window);
    return window;
  };
  return { known, desk, look };
}

test("says nothing to a page that looks at nothing", () => {
  const { desk, look } = atDesk(...rowsFrom(0, 3));
  assert.equal(desk.window(), undefined);
  assert.equal(look({}).rows?.length, 3);
  desk.forget();
  assert.equal(desk.window(), undefined);
});

test("rows that the page has are not sent again", () => {
  const { known, desk, look } = atDesk(...rowsFrom(0, 30));
  assert.equal(look({}).rows?.length, 10);
  known.add(rowsFrom(30, 5));
  const { rows, size, matching } = desk.window() ?? {};
  assert.deepEqual([rows, size, matching], [undefined, 35, 35]);
  assert.equal(look({ first: 10 }).rows?.[0]?.index, 10);
  known.add(rowsFrom(12, 1, { status: "FAILURE" }));
  assert.equal(desk.window()?.rows?.[2]?.status, "FAILURE");
  assert.equal(look({ selection: { ...everything, text: "1" }, first: 10 }).rows?.length, 10, "another selection");
});

test("the window goes where the row goes that the reader looks at", () => {
  const { known, desk, look } = atDesk(...rowsFrom(1_000, 500));
  assert.equal(look({ first: 200, anchor: { index: 1_203, position: 203 } }).first, 200);
  known.add(rowsFrom(0, 700));
  const moved = desk.window();
  assert.deepEqual([moved?.first, moved?.rows?.[0]?.index], [900, 1_200]);
  const still = look({ first: 200, anchor: undefined });
  assert.deepEqual([still.first, still.rows?.[0]?.index], [200, 200]);
});

test("a window beyond the end shows the last rows", () => {
  const { look } = atDesk(...rowsFrom(0, 25));
  const { first, rows } = look({ first: 1_000 });
  assert.deepEqual([first, rows?.map(({ index }) => index).at(-1)], [15, 24]);
});

test("the opened row is told wherever it is, also when the filter hides it", () => {
  const { look } = atDesk(...rowsFrom(0, 25));
  assert.equal(look({}, 20).opened?.position, 20);
  const hidden = look({ selection: { ...everything, status: "FAILURE" } }, 20).opened;
  assert.deepEqual([hidden?.row.index, hidden?.position], [20, -1]);
  assert.equal(look({}, 99).opened, undefined);
});

test("inputs are looked at by their indexes, unfinished ones left out", () => {
  const { desk } = atDesk(...rowsFrom(0, 3), ...rowsFrom(6, 3));
  desk.look({ type: "look", number: 1, wanted: { by: "index", first: 2, count: 5 }, opened: undefined });
  assert.deepEqual(
    desk.window()?.rows?.map(({ index }) => index),
    [2, 6],
  );
});
