import assert from "node:assert/strict";
import { test } from "node:test";
import { isSvg } from "../../../src/calls/results/mediaTypes.ts";
import { OpenedValue } from "../../../src/calls/results/openedValue.ts";
import { output } from "../fakeServer.ts";

const opened = (value: unknown) => new OpenedValue(output(0, value));

test("of a large value only the beginning is shown, and the rest comes by parts", () => {
  const text = opened("ab".repeat(50_000));
  const beginning = text.beginning();
  assert.deepEqual(beginning.kind === "text" && [beginning.text.length, beginning.length], [20_000, 100_000]);
  assert.deepEqual(text.part({ of: "text", start: 99_998, end: 200_000 }), { text: "ab" });
  const bytes = opened(new Uint8Array([1, 2, 3]));
  assert.deepEqual(bytes.part({ of: "bytes", start: 1, end: 9 }), { bytes: Uint8Array.from([2, 3]) });
  assert.deepEqual(bytes.part({ of: "text", start: 0, end: 9 }), { text: "" });
});

test("what is inside a value is told a level at a time, with its keys", () => {
  const value = opened({ list: [1, 2, 3], map: new Map<unknown, unknown>([[1, new Set(["x"])]]), none: null });
  const nodes = (...path: number[]) => value.part({ of: "nodes", path, start: 0, end: 2 }).nodes;
  assert.deepEqual(nodes(), [
    { key: "list", type: "list", preview: "[1, 2, 3]", children: 3 },
    { key: "map", type: "dict", preview: '{1: {"x"}}', children: 1 },
  ]);
  assert.deepEqual(nodes(1), [{ key: "1", type: "list", preview: '{"x"}', children: 1 }]);
  assert.deepEqual(nodes(1, 0), [{ key: "0", type: "text", preview: '"x"', children: 0 }]);
  assert.deepEqual(nodes(9, 9), []);
});

test("a list of dictionaries is told as records by its keys", () => {
  const value = opened([{ a: 1, b: [1] }, new Map([["b", "two"]])]);
  const beginning = value.beginning();
  assert.deepEqual(beginning.kind === "json" && beginning.columns, ["a", "b"]);
  assert.deepEqual(value.part({ of: "records", start: 0, end: 10 }).records, [
    [1, "[1]"],
    [undefined, "two"],
  ]);
  for (const other of [[{ a: 1 }], [{ a: 1 }, 2], { a: 1 }]) {
    const shown = opened(other).beginning();
    assert.equal(shown.kind === "json" && shown.columns, undefined);
  }
});

test("sounds and pictures are known by their beginning", () => {
  const kind = (value: unknown) => opened(value).beginning().kind;
  assert.equal(kind(Buffer.from("RIFF....WAVE")), "audio");
  assert.equal(kind(Buffer.from("OggS")), "audio");
  assert.equal(kind(Buffer.from("ID3...")), "audio");
  assert.equal(kind(Buffer.from("fLaC")), "audio");
  assert.equal(kind('<svg xmlns="http://www.w3.org/2000/svg"/>'), "image");
  assert.equal(kind(Buffer.from("<!DOCTYPE svg><svg>")), "image");
  assert.equal(kind("<svgx>"), "text");
  assert.equal(kind("<html><svg>"), "text");
  assert.equal(isSvg(`<?xml version="1.0"?>\n${"<!-- -->".repeat(100)}\n<svg>`), true);
  assert.equal(isSvg("<!-- ".repeat(200)), false);
});
