import assert from "node:assert/strict";
import { test } from "node:test";
import { resultLine } from "../../src/editor/resultLine.ts";

test("a result stands in one short line, as text that changes nothing around it", () => {
  assert.equal(resultLine({ isFailure: false, preview: '{"a":\n  1}' }), '→ {"a": 1}');
  assert.equal(
    resultLine({ isFailure: true, preview: "\x1b[31mValueError\x1b[0m: \u202eabc\u2066" }),
    "✗ ValueError: abc",
  );
  const long = resultLine({ isFailure: false, preview: "x".repeat(1_000) });
  assert.equal(long.length, 82);
  assert.ok(long.endsWith("…"));
});
