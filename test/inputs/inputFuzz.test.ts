import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { parseArguments } from "../../src/inputs/callArguments.ts";
import { parseInputDocument } from "../../src/inputs/inputDocument.ts";
import { InputError } from "../../src/inputs/inputError.ts";
import { fileAsInputs, parseMapInputs } from "../../src/inputs/mapInputs.ts";
import { fuzzed } from "../fuzzing.ts";

/** What literals, ranges, tables and documents are made of, in any order. */
const piece = fc.oneof(
  fc.constantFrom(
    ..."[](){}\"'`,:;.\\*#-+ \n\r\t",
    "..",
    "0..9",
    "0..999999999999",
    "True",
    "None",
    "nan",
    "b'",
    'rb"',
    "f'",
    "\\x",
    "\\N{DOT}",
    "\\ud800",
    '"""',
    "1e999",
    "0x",
    "1_0",
    "9".repeat(400),
  ),
  fc.constantFrom(
    "__proto__",
    "constructor",
    "args",
    "kwargs",
    "inputs",
    "star",
    "__import__('os').system('touch owned')",
  ),
  fc.json({ maxDepth: 3 }),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(""));

/** Arguments or a sentence; anything else fails the test. */
function reads(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof InputError, error as Error);
    assert.match(error.message, /[.?]$/);
  }
}

test("whatever is typed is arguments, or one sentence", () => {
  fc.assert(
    fc.property(text, (typed) => {
      reads(() => parseArguments(typed));
      reads(() => parseMapInputs(typed));
      reads(() => parseInputDocument(typed));
      assert.equal(Object.getPrototypeOf({}), Object.prototype);
      assert.equal("polluted" in {}, false);
    }),
    fuzzed(2_000),
  );
});

test("whatever is nested is arguments, or one sentence", () => {
  for (const open of ["[", "(", "{1:", '{"a":', "-", "[[", "{"]) {
    for (const depth of [1_000, 10_000]) {
      reads(() => parseArguments(open.repeat(depth)));
      reads(() => parseMapInputs(open.repeat(depth)));
    }
  }
});

test("whatever is in a file is inputs, or one sentence", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-inputs-"));
  t.after(() => rm(folder, { recursive: true }));
  const shape = fc.constantFrom("value", "list", "names");
  const name = fc.constantFrom("a.json", "a.jsonl", "a.csv", "a.tsv", "a.txt");
  const content = fc.oneof(
    text.map((some) => Buffer.from(some)),
    fc.uint8Array({ maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(name, shape, content, async (fileName, wanted, bytes) => {
      const path = join(folder, fileName);
      await writeFile(path, bytes);
      try {
        for await (const row of fileAsInputs(path, wanted).rows) assert.ok(row);
      } catch (error) {
        assert.ok(error instanceof InputError, error as Error);
      }
    }),
    fuzzed(500),
  );
});
