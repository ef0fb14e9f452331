import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeCbor, encodeCbor } from "../../src/client/payloads/cbor.ts";

const hex = (value: unknown) => Buffer.from(encodeCbor(value)).toString("hex");
const unhex = (text: string) => decodeCbor(Buffer.from(text, "hex"));

test("arguments have the bytes that were seen from Python", () => {
  assert.equal(hex([[7], {}]), "828107a0");
  assert.equal(hex([["a"], { k: 1 }]), "82816161a1616b01");
});

test("values become what Python's cbor2 reads as the same", () => {
  const bytes: [unknown, string][] = [
    [null, "f6"],
    [undefined, "f6"],
    [true, "f5"],
    [-1, "20"],
    [1.5, "fb3ff8000000000000"],
    [2 ** 31, "1b0000000080000000"],
    [5e9, "1b000000012a05f200"],
    [-5e9, "3b000000012a05f1ff"],
    [1e300, "fb7e37e43c8800759c"],
    [2n ** 64n, "c249010000000000000000"],
    [-(2n ** 64n) - 1n, "c349010000000000000000"],
    [new Uint8Array([1, 2]), "420102"],
    [new Float32Array([1, 2]), "820102"],
    [new Map([[1, "a"]]), "a1016161"],
    [new Set([1]), "d901028101"],
    [new Date(1_000), "c11a00000001"],
    ["ä", "62c3a4"],
    [Object.create(null), "a0"],
  ];
  for (const [value, expected] of bytes) assert.equal(hex(value), expected);
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
  ];
  for (const [value, message] of refused)
    assert.throws(() => encodeCbor(value), { name: "SerializationError", message });
});

test("values from Python become what JavaScript has for them", () => {
  const values: [string, unknown][] = [
    ["1b000000012a05f200", 5e9],
    ["1bffffffffffffffff", 2n ** 64n - 1n],
    ["3b7fffffffffffffff", -(2n ** 63n)],
    ["c249010000000000000000", 2n ** 64n],
    ["a161611b000000012a05f200", { a: 5e9 }],
    ["a1016162", new Map([[1, "b"]])],
    [
      "a201616261616163",
      new Map<unknown, unknown>([
        [1, "b"],
        ["a", "c"],
      ]),
    ],
    ["d90102820102", new Set([1, 2])],
    ["c11a00000001", new Date(1_000)],
    ["c07818323032362d31312d32315432313a32363a31302e3030305a", new Date("2026-11-21T21:26:10Z")],
    ["c48221196ab3", 273.15],
    ["9f0102ff", [1, 2]],
    ["f97e00", Number.NaN],
  ];
  for (const [bytes, expected] of values) assert.deepEqual(unhex(bytes), expected);
});

test("a key __proto__ is only a key", () => {
  const value = unhex("a1695f5f70726f746f5f5fa16161f5") as object;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.deepEqual(Object.keys(value), ["__proto__"]);
});

test("damaged bytes are an error", () => {
  for (const bytes of ["", "82", "8201", "61", "ff", "0000", "9f01", "1c"]) {
    assert.throws(() => unhex(bytes), { name: "DeserializationError" });
  }
});

test("values survive the way there and back", () => {
  const value = {
    list: [1, -2.5, "x", null, [2n ** 70n]],
    map: new Map([[1, { deep: [5e9] }]]),
    set: new Set(["a"]),
    ok: true,
  };
  assert.deepEqual(decodeCbor(encodeCbor(value)), value);
});

test("long lists of plain numbers are not copied on the way", () => {
  const numbers = Array.from({ length: 100_000 }, (_, index) => index);
  assert.deepEqual(decodeCbor(encodeCbor(numbers)), numbers);
});
