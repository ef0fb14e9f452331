import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalText } from "../../../src/calls/compare/canonicalText.ts";
import { valueDifferences } from "../../../src/calls/compare/valueDifferences.ts";

test("differences are told by the way to them, as Python would go", () => {
  assert.deepEqual(
    valueDifferences(
      { words: 3, longest: ["a", "b"], gone: true, same: { x: Number.NaN } },
      { same: { x: Number.NaN }, longest: ["a", "c", "d"], words: 4, "new key": null },
    ),
    [
      { path: '["words"]', left: "3", right: "4" },
      { path: '["longest"][1]', left: '"b"', right: '"c"' },
      { path: '["longest"][2]', left: undefined, right: '"d"' },
      { path: '["gone"]', left: "true", right: undefined },
      { path: '["new key"]', left: undefined, right: "null" },
    ],
  );
  assert.deepEqual(valueDifferences([1], { 0: 1 }), [{ path: "", left: "[1]", right: '{"0": 1}' }]);
  assert.deepEqual(valueDifferences(new Set([1, 2]), new Set([2, 3])), [
    { path: "{}", left: "1", right: undefined },
    { path: "{}", left: undefined, right: "3" },
  ]);
});

test("of long texts the place is shown from which on they differ", () => {
  const same = "x".repeat(1_000_000);
  const [found] = valueDifferences(`${same}one`, `${same}two`);
  assert.match(found?.left ?? "", /^…"x{40}one"$/);
  assert.match(found?.right ?? "", /^…"x{40}two"$/);
});

test("very many differences, and very deep ones, are cut off", () => {
  const many = (value: number) => Array.from({ length: 100_000 }, () => value);
  assert.equal(valueDifferences(many(1), many(2)).length, 200);
  assert.equal(valueDifferences([], many(2)).length, 200);
  let [left, right]: [unknown, unknown] = [1, 2];
  for (let level = 0; level < 300; level++) [left, right] = [[left], [right]];
  assert.equal(valueDifferences(left, right).length, 1);
});

test("values differ somewhere exactly when they are not the same", () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (left, right) => {
      assert.equal(valueDifferences(left, right).length === 0, canonicalText(left) === canonicalText(right));
      assert.deepEqual(valueDifferences(left, structuredClone(left)), []);
    }),
    { seed: 7 },
  );
});
