import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonTokens, prettyJson } from "../../src/webview/results/jsonText.ts";

test("pretty JSON keeps every digit", () => {
  assert.equal(
    prettyJson('{"id":12345678901234567890,"share":1.10,"list":[]}'),
    '{\n  "id": 12345678901234567890,\n  "share": 1.10,\n  "list": []\n}',
  );
});

test("text that is no JSON stays as it is", () => {
  assert.equal(prettyJson("[NaN, 1"), "[NaN, 1");
});

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
