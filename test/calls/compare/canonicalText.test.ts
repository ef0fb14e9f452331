import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalText } from "../../../src/calls/compare/canonicalText.ts";
import { contentDigest } from "../../../src/calls/compare/contentDigest.ts";
import { Decimal, PythonObject } from "../../../src/client/index.ts";
import { output } from "../fakeServer.ts";

function isSame(left: unknown, right: unknown): boolean {
  return canonicalText(left) === canonicalText(right);
}

test("what Python takes for equal is the same, and so are NaN and NaN", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [new Map([["a", 1]]), { a: 1 }],
    [
      new Map<unknown, unknown>([
        [1, "x"],
        [[2], "y"],
      ]),
      new Map<unknown, unknown>([
        [[2], "y"],
        [1, "x"],
      ]),
    ],
    [new Set([1, 2]), new Set([2, 1])],
    [Number.NaN, Number.NaN],
    [0, -0],
    [7n, 7],
    [10n ** 22n, 1e22],
    [null, undefined],
    [new Uint8Array([1, 2]), Buffer.from([1, 2])],
    [new Decimal("1.10"), new Decimal("1.10")],
  ];
  for (const [left, right] of pairs) assert.ok(isSame(left, right), canonicalText(left));
});

test("what differs in content differs", () => {
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [1, "1"],
    [1, true],
    [null, "null"],
    [Number.NaN, "NaN"],
    [0.1 + 0.2, 0.3],
    [
      [1, 2],
      [2, 1],
    ],
    [["a,b"], ["a", "b"]],
    [[1], new Set([1])],
    [new Map([[1, "x"]]), { 1: "x" }],
    [{}, []],
    [new Uint8Array([1]), "AQ=="],
    [2n ** 64n, 2n ** 64n + 1n],
    [new Decimal("1.1"), new Decimal("1.10")],
  ];
  for (const [left, right] of pairs) assert.ok(!isSame(left, right), canonicalText(left));
});

test("the order of keys counts for nothing on any level, any other change counts", () => {
  const value = fc.jsonValue({ maxDepth: 4 });
  const reversed = (given: unknown): unknown => {
    if (Array.isArray(given)) return given.map(reversed);
    if (typeof given !== "object" || given === null) return given;
    return new Map(
      Object.entries(given)
        .map(([key, item]) => [key, reversed(item)] as const)
        .reverse(),
    );
  };
  fc.assert(
    fc.property(value, value, (one, other) => {
      assert.ok(isSame(one, reversed(one)));
      const sorted = (given: unknown) =>
        JSON.stringify(given, (_, item) =>
          typeof item === "object" && item !== null && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
            : item,
        );
      assert.equal(isSame(one, other), sorted(one) === sorted(other));
    }),
    { seed: 7 },
  );
});

test("objects of classes and values without end are compared by their bytes, and failures by what was raised", () => {
  const model = new PythonObject("m", "Model", "<m.Model, 10 bytes>");
  let deep: unknown = 1;
  for (let level = 0; level < 5_000; level++) deep = [deep];
  for (const value of [model, [model], deep]) {
    assert.equal(canonicalText(value), undefined);
    const digest = (data: number) => contentDigest(output(0, value, { data: new Uint8Array([data]) }));
    assert.equal(digest(1), digest(1));
    assert.notEqual(digest(1), digest(2));
  }
  const failure = (exception: string, traceback: string) =>
    contentDigest(output(0, null, { status: "FAILURE", exception, traceback }));
  assert.equal(failure("ValueError('a')", "line 1"), failure("ValueError('a')", "line 2"));
  assert.notEqual(failure("ValueError('a')", ""), failure("ValueError('b')", ""));
  assert.notEqual(failure("None", ""), contentDigest(output(0, null)));
  const long = "x".repeat(1_000_000);
  assert.ok(contentDigest(output(0, long)).length < 100);
});
