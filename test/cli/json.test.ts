import assert from "node:assert/strict";
import { test } from "node:test";
import { UsageError } from "../../src/cli/cliError.ts";
import { jsonText, parseJson } from "../../src/cli/json.ts";
import { type JsonLine, jsonLines } from "../../src/cli/jsonLines.ts";
import { findJsonFault } from "../../src/cli/jsonSyntax.ts";

test("values that JSON has and lacks survive the way there and back", () => {
  const text =
    '[1,-2.5,"ä\\n",null,true,123456789012345678901234567890,{"$bytes":"AAH/"},{"$float":"-inf"},{"a":[{}]}]';
  const value = parseJson(text, "--args");
  assert.ok(Array.isArray(value));
  assert.equal(value[5], 123456789012345678901234567890n);
  assert.deepEqual(value[6], new Uint8Array([0, 1, 255]));
  assert.equal(value[7], -Infinity);
  assert.equal(jsonText(value), text);
});

test("what Python returns is printed sensibly", () => {
  assert.equal(jsonText(undefined), "null");
  assert.equal(jsonText([undefined]), "[null]");
  assert.equal(jsonText(new Map([["b", 1]])), '{"b":1}');
  assert.equal(jsonText(new Map([[1, new Set([2])]])), '{"$map":[[1,[2]]]}');
  assert.equal(jsonText(Buffer.from([1, 2])), '{"$bytes":"AQI="}');
  assert.equal(jsonText([Number.NaN, Infinity]), '[{"$float":"nan"},{"$float":"inf"}]');
  assert.equal(jsonText(new Date(0)), '"1970-01-01T00:00:00.000Z"');
  assert.equal(jsonText(2n ** 70n), "1180591620717411303424");
  assert.deepEqual(parseJson('{"$map":[[1,2]]}', "x"), new Map([[1, 2]]));
});

const FAULTS: readonly (readonly [string, number, number, string])[] = [
  ["[1, 2", 1, 6, "the text ends too early"],
  ["", 1, 1, "the text ends too early"],
  ["[1 2]", 1, 4, 'expected "," or "]", found "2"'],
  ["{'a': 1}", 1, 2, "unexpected a single quote"],
  ["[1,]", 1, 4, 'expected a value, found "]"'],
  ['{"a":1,}', 1, 8, 'expected a key in double quotes, found "}"'],
  ['{"a" 1}', 1, 6, 'expected ":", found "1"'],
  ["[1]]", 1, 4, 'expected the end, found "]"'],
  ["[1}", 1, 3, 'expected "," or "]", found "}"'],
  ['{\n  "a": tru\n}', 2, 8, 'unexpected "tru"'],
  ["[01]", 1, 2, 'unexpected "01"'],
  ["NaN", 1, 1, 'unexpected "NaN"'],
  ['["a', 1, 2, "unexpected a string that is not closed, or not escaped as JSON has it"],
  ['["a\tb"]', 1, 2, "unexpected a string that is not closed, or not escaped as JSON has it"],
  ["[1:2]", 1, 3, 'expected "," or "]", found ":"'],
  ["]", 1, 1, 'expected a value, found "]"'],
];

test("a mistake is named with its place", () => {
  for (const [text, line, column, problem] of FAULTS) {
    assert.throws(() => JSON.parse(text), SyntaxError, text);
    assert.deepEqual(findJsonFault(text), { line, column, problem }, text);
  }
});

test("valid JSON has no fault", () => {
  const valid = [
    "1",
    " [ ] ",
    "{}",
    '{"a":{"b":[1,[],{}]},"c":-1.5e+3}',
    '"\\u00e4\\\\\\""',
    "null\n",
    '"\u2028"',
    "-0",
  ];
  for (const text of valid) {
    JSON.parse(text);
    assert.equal(findJsonFault(text), undefined, text);
  }
});

test("a usage error says what and where", () => {
  assert.throws(
    () => parseJson("[1,", "--args"),
    new UsageError("--args is not valid JSON at column 4: the text ends too early."),
  );
});

async function collected(lines: AsyncIterable<JsonLine>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { value } of lines) all.push(value);
  return all;
}

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

test("lines are read whole however the bytes arrive", async () => {
  const text = '\uFEFF{"a":"ä\u2028"}\r\n\n[1,2]\n"end"';
  for (const size of [1, 2, 7, 1_000]) {
    const values = await collected(jsonLines(chunked(text, size), "in.jsonl"));
    assert.deepEqual(values, [{ a: "ä\u2028" }, [1, 2], "end"]);
  }
});

test("a bad line is named by file and line", async () => {
  await assert.rejects(
    collected(jsonLines(chunked("1\n\n{2}\n", 100), "in.jsonl")),
    new UsageError('in.jsonl:3 is not valid JSON at column 2: expected a key in double quotes or "}", found "2".'),
  );
});

test("bytes that are not text are refused", async () => {
  const bytes = (async function* () {
    yield new Uint8Array([0x31, 0x0a, 0xff]);
  })();
  await assert.rejects(collected(jsonLines(bytes, "in.jsonl")), new UsageError("in.jsonl is not UTF-8 text."));
});
