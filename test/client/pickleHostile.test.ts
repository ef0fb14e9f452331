import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { DeserializationError, PythonObject } from "../../src/client/index.ts";
import { encodePickle } from "../../src/client/pickle/pickleWriter.ts";
import { FUZZ_LIMIT, fuzzed } from "../fuzzing.ts";
import { assemble, pickles, unpickle } from "./pickleBytes.ts";

const RUNS = fuzzed(5_000);

/** A value or a DeserializationError; anything else fails the test, as its own time limit does. */
function ends(bytes: Uint8Array): void {
  try {
    JSON.stringify(unpickle(bytes), (_key, item: unknown) => (typeof item === "bigint" ? "int" : item));
  } catch (error) {
    assert.ok(error instanceof DeserializationError, error as Error);
  }
}

function refused(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => unpickle(bytes), { name: "DeserializationError", message });
}

test("nothing that a pickle names is called", () => {
  const commands = [
    "cposix\nsystem\n(S'touch /tmp/owned'\ntR.",
    "cbuiltins\neval\n(V1+1\ntR.",
    "(S'ls'\nios\nsystem\n.",
    "(cos\nsystem\nS'ls'\no.",
  ];
  for (const command of commands) {
    const value = unpickle(assemble(command));
    assert.ok(value instanceof PythonObject);
    assert.match(value.text, /^<(posix\.system|builtins\.eval|os\.system), \d+ bytes>$/);
  }
});

test("names that JavaScript's objects have mean nothing", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    const value = unpickle(assemble(`c${name}\n${name}\n(tR.`));
    assert.match(String(value), new RegExp(`^<${name}\\.${name}, `));
  }
  const value = unpickle(assemble("}(V__proto__\n}V", "polluted\nNsu.")) as object;
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal("polluted" in {}, false);
});

test("random bytes end in a value or an error", FUZZ_LIMIT, () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), ends), RUNS);
});

test("random opcodes end in a value or an error", FUZZ_LIMIT, () => {
  const opcodes = [..."(.012BCFGIJKLMNPQRSTUVX]abcdeghijloprstu}"].map((opcode) => opcode.charCodeAt(0));
  const instruction = fc.oneof(
    fc.constantFrom(...opcodes, ...Array.from({ length: 25 }, (_, at) => 0x80 + at)).map((opcode) => assemble(opcode)),
    fc
      .constantFrom("]", "}", ")", "N", "(", "K\x01", "h\x00", "\x94", "V1\n", "cbuiltins\nset\n", "R", "C\x02ab")
      .map((text) => assemble(text)),
  );
  const program = fc.array(instruction, { maxLength: 60 }).map((parts) => assemble(...parts, "."));
  fc.assert(fc.property(program, ends), RUNS);
});

test("pickles that were cut off or changed end in a value or an error", FUZZ_LIMIT, () => {
  const expression =
    "[{'a': [1, 2.5, 'x', None]}, {1, 2}, (b'y', 2**70), ValueError('z'), datetime.datetime(2026, 1, 1)]";
  const originals = pickles(`[${expression}, ${expression}]`, "datetime");
  for (const original of originals) {
    for (let length = 0; length < original.length; length++) refused(original.subarray(0, length), /damaged|not UTF-8/);
  }
  const change = fc.tuple(
    fc.constantFrom(...originals),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
  );
  fc.assert(
    fc.property(change, ([original, changes]) => {
      const changed = Buffer.from(original);
      for (const [at, byte] of changes) changed[at % changed.length] = byte;
      ends(changed);
    }),
    RUNS,
  );
});

test("lengths that are not there take no memory", () => {
  for (const start of ["B\xff\xff\xff\xff", "X\xff\xff\xff\xff", "T\xff\xff\xff\x7f", "\x8b\xff\xff\xff\x7f"]) {
    refused(assemble(start, "abc."), /its end is missing/);
  }
  const huge = "\xff\xff\xff\xff\xff\xff\xff\x7f";
  for (const opcode of ["\x8d", "\x8e", "\x96", "\x95"]) refused(assemble(opcode, huge, "abc."), /its end is missing/);
  refused(assemble("]r\xff\xff\xff\xff."), /its memo has no place/);
  assert.ok(unpickle(assemble("cbuiltins\nbytearray\n(I999999999999\ntR.")) instanceof PythonObject);
});

test("nesting has a limit, and no stack overflows", () => {
  const nested = (levels: number) => assemble("]".repeat(levels), "a".repeat(levels - 1), ".");
  assert.ok(Array.isArray(unpickle(nested(1_000))));
  refused(nested(1_001), /more than 1,000 levels/);
  refused(nested(1_000_000), /more than 1,000 levels/);
  refused(assemble("(".repeat(1_000_000)), /nested too deeply/);
  refused(assemble(")", "\x85".repeat(100_000), "."), /more than 1,000 levels/);
  // Each half is within the limit, and the first is known when it is found again at the end of the second.
  const tower = assemble(
    "]]",
    "]".repeat(600),
    "a".repeat(600),
    "q\x00a",
    "]".repeat(600),
    "h\x00",
    "a".repeat(601),
    ".",
  );
  refused(tower, /more than 1,000 levels/);
});

test("a pickle that doubles its value with every byte is refused", FUZZ_LIMIT, () => {
  const doubling = (times: number) =>
    assemble("]q\x00", ...Array.from({ length: times }, (_, at) => ["](h", at, "h", at, "eq", at + 1]).flat(), ".");
  assert.ok(Array.isArray(unpickle(doubling(10))));
  refused(doubling(40), /repeats the same values/);
  refused(doubling(200), /repeats the same values/);
});

test("a pickle that copies a long list again and again is refused", FUZZ_LIMIT, () => {
  const copies = "h\x01h\x00\x85R".repeat(100_000);
  for (const name of ["set", "frozenset"]) {
    refused(
      assemble("](", "K\x01".repeat(100_000), "eq\x00", `cbuiltins\n${name}\nq\x01`, "(", copies, "t."),
      /too many objects/,
    );
  }
  refused(assemble("]".repeat(5_000_000), "."), /too many objects/);
  refused(assemble(`V${"9".repeat(200_000)}\nq\x00cdecimal\nDecimal\nq\x01`, "(", copies, "t."), /too many objects/);
});

test("an integer that is too long to write down is only named", () => {
  const [bytes] = [encodePickle(2n ** 1_600_000n)];
  assert.equal(String(unpickle(bytes)), "<int, 200,001 bytes>");
  assert.equal(String(unpickle(assemble(`L${"9".repeat(100_000)}L\n.`))), "<int, 100,000 bytes>");
});
