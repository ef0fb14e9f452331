import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenedValue } from "../../../src/calls/results/openedValue.ts";
import { resultRow } from "../../../src/calls/results/resultRow.ts";
import { valuePreview, valueText } from "../../../src/calls/results/valueText.ts";
import { Decimal, type Output, PythonException, PythonObject } from "../../../src/client/index.ts";
import { output } from "../fakeServer.ts";

const shown = (result: Output) => new OpenedValue(result).beginning();

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2]);

test("the kind of a result follows its value", () => {
  const kinds = (value: unknown) => resultRow(output(0, value)).kind;
  assert.equal(kinds(1), "json");
  assert.equal(kinds(null), "json");
  assert.equal(kinds("text"), "text");
  assert.equal(kinds(new Uint8Array(3)), "bytes");
  assert.equal(kinds(png), "image");
  assert.equal(kinds(Buffer.from("GIF89a......")), "image");
  assert.equal(kinds(Buffer.from("RIFF....WEBP")), "image");
  assert.equal(kinds(Buffer.from("RIFF....WAVE")), "audio");
  assert.equal(kinds(Uint8Array.from([0xff, 0xd8, 0xff, 0xe0])), "image");
});

test("a failure shows its message, and its traceback on demand", () => {
  const failed = output(3, undefined, { status: "TIMEOUT", exception: "too\nslow", traceback: "Traceback …" });
  assert.equal(resultRow(failed).status, "TIMEOUT");
  assert.equal(resultRow(failed).preview, "too slow");
  assert.deepEqual(shown(failed), { kind: "error", message: "too\nslow", traceback: "Traceback …" });
});

test("a value that cannot be decoded is opaque", () => {
  const pickled = output(0, undefined, {
    value: () => {
      throw new Error("a pickle of 12 bytes");
    },
  });
  assert.deepEqual(shown(pickled), { kind: "opaque", label: "a pickle of 12 bytes" });
  assert.equal(resultRow(pickled).status, "SUCCESS");
});

test("Python's own objects show what they are, alone and in lists", () => {
  const point = new PythonObject("shop", "Point", "<shop.Point, 12 bytes>");
  assert.deepEqual(shown(output(0, point)), { kind: "opaque", label: "<shop.Point, 12 bytes>" });
  assert.equal(resultRow(output(0, point)).preview, "<shop.Point, 12 bytes>");
  const values = [point, new Decimal("1.10"), new PythonException("builtins", "ValueError", ["no"])];
  assert.equal(valuePreview(values), "[<shop.Point, 12 bytes>, Decimal('1.10'), ValueError(\"no\")]");
});

test("images and bytes keep their bytes", () => {
  assert.deepEqual(shown(output(0, png)), { kind: "image", mediaType: "image/png", bytes: png });
  const bytes = shown(output(0, new Uint8Array(10_000)));
  assert.equal(bytes.kind === "bytes" && bytes.size, 10_000);
  assert.equal(bytes.kind === "bytes" && bytes.head.length, 4_096);
});

test("previews are one line of at most 200 characters, whatever the value", () => {
  const row = (value: unknown) => resultRow(output(0, value)).preview;
  assert.equal(row({ a: [1, true, null], "b c": "x" }), '{"a": [1, true, null], "b c": "x"}');
  assert.equal(row("line one\n  line two"), "line one line two");
  assert.equal(row(new Uint8Array(2_048)), "2.0 KiB");
  assert.equal(row(new Map<unknown, unknown>([[1, new Set(["a"])]])), '{1: {"a"}}');
  assert.ok(row(Array.from({ length: 1_000_000 }, (_, i) => i)).length <= 200);
  assert.ok(row("x".repeat(5_000_000)).length <= 200);
  assert.ok(valuePreview(["y".repeat(5_000_000)]).length <= 200);
});

test("whole values are exact and indented", () => {
  assert.equal(valueText([2n ** 64n, -0, 1.5, []]), "[\n  18446744073709551616,\n  -0.0,\n  1.5,\n  []\n]");
  assert.equal(valueText({}), "{}");
  assert.deepEqual(JSON.parse(valueText({ a: { b: ["</script>", '"', "\n"] } })), {
    a: { b: ["</script>", '"', "\n"] },
  });
});
