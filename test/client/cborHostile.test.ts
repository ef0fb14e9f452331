import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { OpenedValue } from "../../src/calls/results/openedValue.ts";
import { resultRow } from "../../src/calls/results/resultRow.ts";
import { DeserializationError } from "../../src/client/index.ts";
import { decodeCbor } from "../../src/client/payloads/cbor.ts";
import { output } from "../calls/fakeServer.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";

const MAJOR_TYPES = 8;

/** A value or a DeserializationError, which the panel shows; anything else fails the test, as its own time limit does. */
function ends(bytes: Uint8Array): void {
  let value: unknown;
  try {
    value = decodeCbor(bytes);
  } catch (error) {
    assert.ok(error instanceof DeserializationError, error as Error);
    return;
  }
  const shown = new OpenedValue(output(0, value));
  assert.ok(shown.beginning().kind);
  shown.part({ of: "nodes", path: [0, 0], start: 0, end: 10 });
  assert.ok(resultRow(output(0, value)));
}

function refused(...bytes: number[]): void {
  assert.throws(() => decodeCbor(Uint8Array.from(bytes)), DeserializationError);
}

/** The beginning of an item, with a length that may be anything. */
const head = fc
  .tuple(
    fc.nat(MAJOR_TYPES - 1),
    fc.oneof(fc.nat(31), fc.constantFrom(24, 25, 26, 27, 31)),
    fc.uint8Array({ maxLength: 8 }),
  )
  .map(([major, length, rest]) => [(major << 5) | length, ...rest]);
/** Tags that mean something to somebody: dates, large numbers, regular expressions, errors, sets, typed arrays, records, references. */
const tag = fc
  .constantFrom(0, 1, 2, 3, 4, 5, 6, 14, 15, 25, 27, 28, 29, 30, 37, 51, 64, 72, 79, 86, 105, 258, 259)
  .map((number) =>
    number < 24 ? [0xc0 | number] : number < 256 ? [0xd8, number] : [0xd9, number >> 8, number & 0xff],
  );
const word = fc
  .constantFrom("RegExp", "Error", "constructor", "__proto__", "toString", "(a+)+$", "length")
  .map((text) => [0x60 | text.length, ...Buffer.from(text)]);
const small = fc.constantFrom(
  [0x80],
  [0xa0],
  [0x82],
  [0xa1],
  [0xf6],
  [0xf5],
  [0x01],
  [0x20],
  [0x9f],
  [0xbf],
  [0xff],
  [0xf9, 0x7e, 0],
);

test("random bytes of CBOR end in a value or an error", FUZZ_LIMIT, () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), ends), fuzzed(3_000));
});

test("random items of CBOR end in a value or an error", FUZZ_LIMIT, () => {
  const items = fc
    .array(fc.oneof(head, tag, word, small), { maxLength: 30 })
    .map((parts) => Uint8Array.from(parts.flat()));
  fc.assert(fc.property(items, ends), fuzzed(5_000));
});

test("CBOR that doubles its value with every reference, or holds itself, is refused", FUZZ_LIMIT, () => {
  const levels = Array.from({ length: 60 }, (_, level) => [
    0xd8,
    28,
    0x82,
    0xd8,
    29,
    0x18,
    level,
    0xd8,
    29,
    0x18,
    level,
  ]).flat();
  refused(0x98, 61, 0xd8, 28, 0x81, 1, ...levels);
  refused(0xd8, 28, 0x81, 0xd8, 29, 0);
  refused(0xd8, 51, 0x84, 0x81, 0x80, 0x80, 0x80, 0x82, 0xe0, 0xe0);
  refused(0xc6, 0);
});

test("lengths and depths of CBOR that are not there take nothing", FUZZ_LIMIT, () => {
  for (const major of [0x40, 0x60, 0x80, 0xa0]) {
    refused(major | 26, 0xff, 0xff, 0xff, 0xff);
    refused(major | 27, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);
  }
  for (const opening of [0x81, 0xa1, 0xc1, 0x9f]) refused(...new Uint8Array(100_000).fill(opening));
});
