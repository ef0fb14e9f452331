import assert from "node:assert/strict";
import { test } from "node:test";
import { Decimal } from "../../src/client/index.ts";
import { encodePickle, pickleArguments } from "../../src/client/pickle/pickleWriter.ts";
import { python } from "./pickleBytes.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("arguments have the bytes that were seen from Python", () => {
  assert.equal(hex(pickleArguments([7], {})), "80049509000000000000004b0785947d9486942e");
  assert.equal(hex(pickleArguments(["a"], { k: 1 })), "80049512000000000000008c01619485947d948c016b944b017386942e");
  assert.equal(hex(pickleArguments([], {})), "8004950600000000000000297d9486942e");
  const values: [unknown, string][] = [
    [null, "80044e2e"],
    [true, "8004882e"],
    [5, "80044b052e"],
    [1.5, "8004950a00000000000000473ff80000000000002e"],
  ];
  for (const [value, expected] of values) assert.equal(hex(encodePickle(value)), expected);
});

test("Python loads what was written as the same value", () => {
  const values: [unknown, string][] = [
    [[undefined, null, false], "[None, None, False]"],
    [[0, 255, 256, 65_536, -1, 2 ** 31, 5e9, -5e9], "[0, 255, 256, 65536, -1, 2147483648, 5000000000, -5000000000]"],
    [[127n, 128n, -128n, -129n, 2n ** 63n, -(2n ** 64n)], `[127, 128, -128, -129, ${2n ** 63n}, ${-(2n ** 64n)}]`],
    [[0.5, -0, 1e300, Infinity, Number.NaN], "[0.5, -0.0, 1e+300, inf, nan]"],
    [["", "ä€😀", "\ud800x", "a", "a"], "['', 'ä€😀', '\\ud800x', 'a', 'a']"],
    [[new Uint8Array([0, 255]), new Float32Array([1, 2]), new ArrayBuffer(1)], "[b'\\x00\\xff', [1, 2], b'\\x00']"],
    [{ a: [], b: {}, c: { a: 1 } }, "{'a': [], 'b': {}, 'c': {'a': 1}}"],
    [
      new Map<unknown, number>([
        [1, 2],
        [[3, [4]], 5],
      ]),
      "{1: 2, (3, (4,)): 5}",
    ],
    [[new Set(), new Set([1]), new Set([[1, 2, 3, 4]])], "[set(), {1}, {(1, 2, 3, 4)}]"],
    [
      new Date("2026-01-02T03:04:05.678Z"),
      "datetime.datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=datetime.timezone.utc)",
    ],
    [[new Decimal("1.10"), new Decimal("-3E+5")], "[Decimal('1.10'), Decimal('-3E+5')]"],
    // A text that reads like a class in the memo is still a text.
    [[new Decimal("1"), "decimal.Decimal", "decimal"], "[Decimal('1'), 'decimal.Decimal', 'decimal']"],
  ];
  const written = values.map(([value]) => encodePickle(value));
  const code = "for data in inputs: put(repr(pickle.loads(data)).encode('utf-8', 'surrogatepass'))";
  const read = python(code, written).map((bytes) => bytes.toString("utf8"));
  assert.deepEqual(
    read.map((text) => text.replace("\ufffd\ufffd\ufffd", "\\ud800")),
    values.map(([, expected]) => expected),
  );
});

test("long lists and many equal texts take little space", () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => ({ identifier: index, description: "the same for all" }));
  const bytes = encodePickle(rows);
  assert.ok(bytes.length < 5_000 * 16, String(bytes.length));
  const [sum] = python("put(str(sum(row['identifier'] for row in pickle.loads(inputs[0]))).encode())", [bytes]);
  assert.equal(String(sum), String((4_999 * 5_000) / 2));
});

test("what has no form in Python is refused by name", () => {
  class Point {}
  const circle: unknown[] = [];
  circle.push({ circle });
  const refused: [unknown, RegExp][] = [
    [() => 1, /a function/],
    [[{ deep: Symbol("s") }], /a symbol/],
    [new Point(), /an instance of Point/],
    [circle, /contains itself/],
    [new Date(Number.NaN), /a date that is invalid/],
  ];
  for (const [value, message] of refused) {
    assert.throws(() => encodePickle(value), { name: "SerializationError", message });
  }
});
