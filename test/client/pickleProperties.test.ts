import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Decimal } from "../../src/client/index.ts";
import { encodePickle } from "../../src/client/pickle/pickleWriter.ts";
import { fuzzed } from "../fuzzing.ts";
import { PROTOCOLS, python, unpickle } from "./pickleBytes.ts";

/** The same values in every run, many of them in each call of Python. */
const RUNS = fuzzed(15);

const scalar = fc.oneof(
  fc.constantFrom(null, true, false, new Decimal("0.10000000000000000000001")),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ max: -(2n ** 53n) }),
  fc.bigInt({ min: 2n ** 53n }),
  fc.double(),
  fc.string({ unit: "binary" }),
  fc.uint8Array(),
  fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true }),
);

/** Everything that the writer takes and that comes back as the same. */
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 8 }),
    fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { maxKeys: 8, noNullPrototype: true }),
    fc
      .uniqueArray(fc.tuple(fc.integer(), tie("value")), { minLength: 1, maxLength: 8, selector: ([key]) => key })
      .map((entries) => new Map(entries)),
    fc.uniqueArray(fc.oneof(fc.integer(), fc.string()), { maxLength: 8 }).map((items) => new Set(items)),
  ),
}));

test("what we write comes back as the same", () => {
  fc.assert(
    fc.property(value, (original) => assert.deepEqual(unpickle(encodePickle(original)), original)),
    fuzzed(2_000),
  );
});

test("what we write, Python loads; what it pickles of that with every protocol, we read as the same", () => {
  const code = `
for data in inputs:
    for protocol in range(6): put(pickle.dumps(pickle.loads(data), protocol))`;
  fc.assert(
    fc.property(fc.array(value, { minLength: 30, maxLength: 60 }), (originals) => {
      const answers = python(code, originals.map(encodePickle));
      assert.equal(answers.length, originals.length * PROTOCOLS.length);
      for (const [at, bytes] of answers.entries()) {
        assert.deepEqual(unpickle(bytes), originals[Math.floor(at / PROTOCOLS.length)]);
      }
    }),
    RUNS,
  );
});

test("Python finds in our pickles what it finds in the same JSON", () => {
  const code = `
import json
for data, text in zip(inputs[::2], inputs[1::2]):
    put(b"same" if repr(pickle.loads(data)) == repr(json.loads(text)) else data + b" is not " + text)`;
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { minLength: 30, maxLength: 60 }), (originals) => {
      const inputs = originals.flatMap((original) => [encodePickle(original), Buffer.from(jsonOfPython(original))]);
      for (const answer of python(code, inputs)) assert.equal(String(answer), "same");
    }),
    RUNS,
  );
});

/** JSON whose numbers are integers exactly where the pickle's are. */
function jsonOfPython(original: unknown): string {
  return JSON.stringify(original, (_key, item: unknown) => {
    if (typeof item !== "number" || (Number.isSafeInteger(item) && !Object.is(item, -0))) return item;
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(floatText(item));
  });
}

function floatText(item: number): string {
  const text = Object.is(item, -0) ? "-0" : String(item);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
