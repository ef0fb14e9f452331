import assert from "node:assert/strict";
import { test } from "node:test";
import {
  documentArguments,
  inputDocumentText,
  inputSchema,
  parseInputDocument,
  startingValues,
} from "../../src/inputs/inputDocument.ts";

const empty = { args: [], kwargs: {}, parameters: {}, inputs: undefined, star: false };

test("a file of inputs is one object with arguments, or with the inputs of a map", () => {
  assert.deepEqual(
    parseInputDocument('{"args": [1], "kwargs": {"b": null}, "parameters": {"size": 12345678901234567890}}'),
    {
      ...empty,
      args: [1],
      kwargs: { b: null },
      parameters: { size: 12345678901234567890n },
    },
  );
  assert.deepEqual(parseInputDocument('{"inputs": [[1, 2]], "star": true}'), {
    ...empty,
    inputs: [[1, 2]],
    star: true,
  });
  assert.deepEqual(parseInputDocument("{}"), empty);
});

test("what a file of inputs must not have is told in one sentence", () => {
  for (const [text, message] of [
    ["[1]", 'A file of inputs must be an object, such as {"name": 1}.'],
    ['{"name": 1}', 'A file of inputs has no "name"; it has args, kwargs, parameters, inputs and star.'],
    ['{"args": {}}', "args must be a list of arguments."],
    ['{"kwargs": []}', 'kwargs must be an object, such as {"name": 1}.'],
    ['{"inputs": 1}', "inputs must be a list with an item per input."],
  ] as const) {
    assert.throws(() => parseInputDocument(text), { name: "InputError", message });
  }
});

test("what is written is read again, and is JSON over several lines", () => {
  const kwargs = { name: 'a "b"', many: [1, { c: 98765432109876543210n }], none: [] };
  const text = inputDocumentText(kwargs, { size: 3 }, "schema.json");
  assert.deepEqual(parseInputDocument(text), { ...empty, kwargs, parameters: { size: 3 } });
  assert.equal(JSON.parse(text).$schema, "./schema.json");
  assert.match(text, /\n {4}"many": \[\n {6}1,\n {6}\{\n {8}"c": 98765432109876543210\n/);
  assert.throws(() => inputDocumentText({ raw: Uint8Array.of(1) }, {}, "schema.json"), TypeError);
});

test("the schema names the types of arguments and parameters", () => {
  const int = { base: "int", sub: [] };
  const fields = [
    { name: "counts", type: { base: "list", sub: [int] }, hasDefault: false },
    { name: "by", type: { base: "dict", sub: [{ base: "str", sub: [] }, int] }, hasDefault: true },
    { name: "other", type: { base: "unknown", sub: [] }, hasDefault: true },
  ];
  const { properties } = inputSchema("f", fields, [{ name: "size", type: int, hasDefault: false }]) as {
    readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  };
  assert.deepEqual(properties.kwargs?.properties, {
    counts: { type: "array", items: { type: "integer" } },
    by: { type: "object", additionalProperties: { type: "integer" } },
    other: {},
  });
  assert.deepEqual(properties.kwargs?.required, []);
  assert.deepEqual(properties.parameters?.properties, { size: { type: "integer" } });
  assert.deepEqual(properties.parameters?.required, ["size"]);
});

test("a file of inputs calls a function by a text where that can say it", () => {
  const given = (text: string) => documentArguments(parseInputDocument(text));
  assert.deepEqual(given("{}"), { inputText: "" });
  assert.deepEqual(given('{"args": [{"a": 1}]}'), { inputText: '[{"a": 1}]' });
  assert.deepEqual(given('{"kwargs": {"a": 1}, "parameters": {"size": 2}}'), {
    inputText: '{"a": 1}',
    parametersText: '{"size": 2}',
  });
  assert.deepEqual(given('{"args": [1], "kwargs": {"b": 2}}'), { args: [1], kwargs: { b: 2 }, parameters: {} });
  assert.deepEqual(given('{"inputs": [[1, 2]], "star": true}'), { inputText: "*[[1, 2]]" });
  assert.deepEqual(given('{"inputs": [1], "kwargs": {"b": 2}}'), {
    inputs: [1],
    star: false,
    kwargs: { b: 2 },
    parameters: {},
  });
});

test("a new file begins with what was given, and with something for what is needed", () => {
  const field = (name: string, base: string, hasDefault = false) => ({ name, type: { base, sub: [] }, hasDefault });
  const fields = [
    field("a", "str"),
    field("b", "list"),
    field("c", "int", true),
    field("d", "bool", true),
    field("e", "bytes"),
  ];
  const given = { b: [1], d: false, c: new Set([1]), e: Uint8Array.of(1) };
  assert.deepEqual(startingValues(fields, given), { a: "", b: [1], d: false, e: null });
});
