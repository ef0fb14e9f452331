import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  describeField,
  type FieldType,
  fieldText,
  fieldValues,
  type InputField,
  missingFields,
  parseField,
} from "../../src/inputs/inputField.ts";
import { inputText } from "../../src/inputs/inputText.ts";
import { parseInputValue } from "../../src/inputs/inputValue.ts";

function field(
  base: string,
  { sub = [], hasDefault = false }: { sub?: FieldType[]; hasDefault?: boolean } = {},
): InputField {
  return { name: "x", type: { base, sub }, hasDefault };
}

const int: FieldType = { base: "int", sub: [] };
const str: FieldType = { base: "str", sub: [] };

test("a field of text takes what is typed as it is; others take JSON or Python", () => {
  assert.equal(parseField(field("str"), ' "7'), ' "7');
  assert.equal(parseField(field("str"), ""), "");
  assert.equal(parseField(field("int"), " 1_000 "), 1000);
  assert.equal(parseField(field("int"), "12345678901234567890"), 12345678901234567890n);
  assert.equal(parseField(field("bool"), "True"), true);
  assert.deepEqual(parseField(field("bytes"), "b'ab'"), Uint8Array.of(97, 98));
  assert.deepEqual(parseField(field("list", { sub: [int] }), "(1, 2)"), [1, 2]);
  assert.deepEqual(parseField(field("dict", { sub: [str, int] }), "{'a': 1}"), { a: 1 });
  assert.equal(parseField(field("unknown"), "None"), null);
});

test("nothing is the default, where there is one", () => {
  for (const base of ["str", "int", "list"])
    assert.equal(parseField(field(base, { hasDefault: true }), " "), undefined);
  assert.throws(() => parseField(field("int"), ""), { message: "x is needed: give a whole number, such as 7." });
});

test("a value of another type says what the field takes", () => {
  const refused: readonly [InputField, string, string][] = [
    [field("int"), "1.5", "x takes a whole number, such as 7."],
    [field("bool"), "1", "x takes true or false."],
    [field("bytes"), '"ab"', 'x takes bytes as Python has them, such as b"abc".'],
    [field("list", { sub: [int] }), '["a"]', "x takes a list, such as [1, 2], of the type list[int]."],
    [field("dict"), "{1, 2}", 'x takes a dictionary, such as {"name": 1}.'],
  ];
  for (const [asked, text, message] of refused) {
    assert.throws(() => parseField(asked, text), { name: "InputError", message });
    assert.ok(message.includes(describeField(asked)));
  }
});

test("what was typed before fills the fields whose type it has", () => {
  const fields = [field("str"), { ...field("int"), name: "y" }, { ...field("bool", { hasDefault: true }), name: "z" }];
  assert.deepEqual(fieldValues(fields, '["a", 2]'), { x: "a", y: 2 });
  assert.deepEqual(fieldValues(fields, '{"y": "two", "z": false, "w": 1}'), { z: false });
  assert.deepEqual(fieldValues(fields, "not a value"), {});
  assert.deepEqual(
    missingFields(fields, { y: 0 }).map(({ name }) => name),
    ["x"],
  );
});

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(null, true, false),
    fc.string({ unit: "binary" }),
    fc.double({ noNaN: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
    fc.bigInt().filter((integer) => !Number.isSafeInteger(Number(integer))),
    fc.uint8Array({ maxLength: 20 }),
    fc.uniqueArray(fc.integer(), { minLength: 1, maxLength: 3 }).map((members) => new Set(members)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test("every value is written so that it is read again as the same", () => {
  const readsTheSame = fc.property(values, (value) => {
    assert.deepEqual(parseInputValue(inputText(value)), value);
    assert.deepEqual(parseField(field("unknown"), fieldText(field("unknown"), value)), value);
  });
  fc.assert(readsTheSame, { seed: 5, numRuns: 300 });
});

test("what is JSON is written as JSON", () => {
  const value = { a: [1, "zwei", null, true], b: {} };
  assert.deepEqual(JSON.parse(inputText(value)), value);
  assert.equal(inputText({ a: Uint8Array.of(0, 34, 97), b: null }), '{"a": b"\\x00\\x22a", "b": None}');
  assert.throws(() => inputText(() => 1), TypeError);
});
