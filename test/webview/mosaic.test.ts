import assert from "node:assert/strict";
import { test } from "node:test";
import { layMosaic, type MosaicInput } from "../../src/webview/pictures/mosaic.ts";

const room: MosaicInput = {
  tiles: 64,
  columns: undefined,
  widthPx: 1000,
  heightPx: 500,
  tileWidthPx: 96,
  tileHeightPx: 96,
};

test("a square number of tiles makes one picture that fits the page", () => {
  assert.deepEqual(layMosaic(room), { whole: true, columns: 8, rows: 8, tileWidthPx: 62, tileHeightPx: 62 });
});

test("another number of tiles fills the width at the size of the pictures", () => {
  const mosaic = layMosaic({ ...room, tiles: 50 });
  assert.equal(mosaic.whole, false);
  assert.equal(mosaic.columns, 10);
  assert.equal(mosaic.rows, 5);
  assert.ok(mosaic.tileWidthPx >= 96 && mosaic.tileWidthPx * mosaic.columns <= 1000);
});

test("a chosen number of columns holds, with tiles of the pictures' shape", () => {
  const mosaic = layMosaic({ ...room, tiles: 6, columns: 3, tileHeightPx: 48 });
  assert.deepEqual(mosaic, { whole: true, columns: 3, rows: 2, tileWidthPx: 192, tileHeightPx: 96 });
});

test("ten thousand tiles stay large enough to see", () => {
  assert.equal(layMosaic({ ...room, tiles: 10_000 }).tileWidthPx, 16);
});
