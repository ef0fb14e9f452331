import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeCbor, encodeCbor } from "../../src/client/payloads/cbor.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { pythonLines } from "./pythonLines.ts";

/** So many samples go to one Python process: starting it takes longer than they do. */
const BATCH = 200;

/** Decodes what comes by lines, and says for each what it is encoded as again, or the name of what was raised. */
const PROGRAM = `import sys
from spawnpoint.cbor import dumps, loads
for line in sys.stdin:
    try:
        print(dumps(loads(bytes.fromhex(line))).hex())
    except BaseException as error:
        print(type(error).__name__)
`;

/** What has one form in both languages. */
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 200n }),
    fc.bigInt({ min: -(2n ** 200n), max: -(2n ** 53n) }),
    fc.double().filter((number) => !Number.isInteger(number)),
    fc.string({ unit: "grapheme" }),
    fc.uint8Array({ maxLength: 300 }),
    fc.array(tie("value"), { maxLength: 30 }),
    fc.dictionary(fc.string({ unit: "grapheme" }), tie("value"), { noNullPrototype: true }),
    fc.array(fc.maxSafeInteger()).map((items) => new Set(items)),
  ),
})).value;

test("what JavaScript encodes, Python decodes, and the other way round", FUZZ_LIMIT, () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: BATCH, maxLength: BATCH }), (values) => {
      const answers = pythonLines(PROGRAM, values.map(encodeCbor));
      assert.deepEqual(
        answers.map((hex) => decodeCbor(Buffer.from(hex, "hex"))),
        values,
      );
    }),
    { ...fuzzed(2), endOnFailure: true },
  );
});

/** Encodings with some bytes changed, cut off, or with lengths and tags that mean nothing. */
const damaged = fc
  .tuple(value.map(encodeCbor), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
  .map(([bytes, made, cut]) => {
    const changed = Uint8Array.from(bytes);
    for (const [at, byte] of made) changed[at % changed.length] = byte;
    return cut % 4 === 0 ? changed.subarray(0, cut % changed.length) : changed;
  });
const heads = fc
  .array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 9 })), { minLength: 1, maxLength: 6 })
  .map((parts) => Uint8Array.from(parts.flatMap(([first, rest]) => [first, ...rest])));

test("whatever Python is given as CBOR is a value or one of Modal's errors", FUZZ_LIMIT, () => {
  const sample = fc.oneof(damaged, heads, fc.uint8Array({ maxLength: 40 }));
  const expected = new Set(["DeserializationError", "SerializationError"]);
  fc.assert(
    fc.property(fc.array(sample, { minLength: BATCH, maxLength: BATCH }), (samples) => {
      const answers = pythonLines(PROGRAM, samples);
      assert.equal(answers.length, samples.length);
      const others = answers.filter((answer) => !/^[0-9a-f]+$/.test(answer) && !expected.has(answer));
      assert.deepEqual(others, []);
    }),
    { ...fuzzed(5), endOnFailure: true },
  );
});
