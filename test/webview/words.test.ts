import assert from "node:assert/strict";
import { test } from "node:test";
import { formatBytes, formatDuration, formatInputs, formatRate } from "../../src/webview/format.ts";
import { callHeadline, progressText } from "../../src/webview/header/callHeadline.ts";
import { hexDump } from "../../src/webview/results/hexDump.ts";
import { describeCounts, finishedInputs } from "../../src/webview/statuses.ts";
import { callSummary, counts } from "./samples.ts";

test("the headline says how the whole call stands", () => {
  const headline = (inputs: number, some: Parameters<typeof counts>[0]) =>
    callHeadline(callSummary({ inputs, counts: counts(some), finishedAt: 1 }), false).text;
  assert.equal(callHeadline(callSummary(), false).text, "Running");
  assert.equal(callHeadline(callSummary(), true).text, "Cancelling");
  assert.equal(headline(3, { SUCCESS: 3 }), "Finished");
  assert.equal(headline(1, { FAILURE: 1 }), "Failed");
  assert.equal(headline(5000, { SUCCESS: 3, FAILURE: 1, TIMEOUT: 1000, INIT_FAILURE: 1 }), "Finished, 1,002 failed");
  assert.equal(headline(1, { TERMINATED: 1 }), "Cancelled");
  assert.equal(headline(4, { SUCCESS: 2, TERMINATED: 2 }), "Cancelled, 2 terminated");
});

test("a generator has items, and one input that fails or is cancelled", () => {
  const generator = (some: Parameters<typeof counts>[0], inputs: number) =>
    callSummary({ isGenerator: true, inputs, counts: counts(some), finishedAt: 1 });
  assert.equal(progressText(generator({ SUCCESS: 1_200, PENDING: 1 }, 1_201)), "1,200 items");
  assert.equal(progressText(generator({ SUCCESS: 1, FAILURE: 1 }, 2)), "1 item");
  assert.equal(callHeadline(generator({ SUCCESS: 3, FAILURE: 1 }, 4), false).text, "Failed");
  assert.equal(callHeadline(generator({ SUCCESS: 3, TERMINATED: 1 }, 4), false).text, "Cancelled");
});

test("how far a map is", () => {
  assert.equal(progressText(callSummary({ inputs: 5, counts: counts({ SUCCESS: 2, PENDING: 3 }) })), "2 of 5 inputs");
  assert.equal(progressText(callSummary({ inputs: 5, counts: counts({ SUCCESS: 5 }) })), "5 inputs");
});

test("counts are said in words", () => {
  assert.equal(describeCounts(counts({ PENDING: 4, SUCCESS: 3, FAILURE: 1 })), "3 success, 1 failure, 4 pending");
  assert.equal(finishedInputs(counts({ PENDING: 4, SUCCESS: 3, FAILURE: 1 })), 4);
});

test("numbers have units that fit their size", () => {
  assert.deepEqual([1.25, 340, 999.7, 1500, 59_949, 59_960, 83_000, 7_260_000].map(formatDuration), [
    "1.3 ms",
    "340 ms",
    "1 s",
    "1.5 s",
    "59.9 s",
    "1 m 0 s",
    "1 m 23 s",
    "2 h 1 m",
  ]);
  assert.deepEqual([0, 1536, 5 * 1024 ** 2].map(formatBytes), ["0 B", "1.5 KiB", "5 MiB"]);
  assert.deepEqual([0.25, 9.96, 1234.5].map(formatRate), ["0.3", "10", "1,235"]);
  assert.deepEqual([1, 10_000].map(formatInputs), ["1 input", "10,000 inputs"]);
});

test("bytes are shown as offset, hex and ASCII", () => {
  assert.equal(hexDump(new Uint8Array()), "");
  assert.equal(
    hexDump(new TextEncoder().encode("Hello, <b>!\n\u0000abcde")),
    "000000  48 65 6c 6c 6f 2c 20 3c 62 3e 21 0a 00 61 62 63  Hello, <b>!..abc\n" +
      "000010  64 65                                            de",
  );
});
