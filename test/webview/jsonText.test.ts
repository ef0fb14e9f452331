import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonTokens } from "../../src/webview/results/jsonText.ts";

test("tokens have kinds and lose no character", () => {
  const text = '{\n  "a\\"b": "c: 1", "d": [-1.5e3, true, null, NaN], "cut off';
  const tokens = jsonTokens(text);
  assert.equal(tokens.map((token) => token.text).join(""), text);
  assert.deepEqual(
    tokens.filter((token) => token.kind !== undefined).map((token) => [token.kind, token.text]),
    [
      ["key", '"a\\"b"'],
      ["string", '"c: 1"'],
      ["key", '"d"'],
      ["number", "-1.5e3"],
      ["word", "true"],
      ["word", "null"],
      ["word", "NaN"],
      ["string", '"cut off'],
    ],
  );
});
