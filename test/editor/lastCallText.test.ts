import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallRecord } from "../../src/calls/callRecord.ts";
import { type InputCounts, noInputs } from "../../src/calls/inputCounts.ts";
import { lastCallTitle, lastCallTooltip } from "../../src/editor/lastCallText.ts";
import { callRecord } from "../calls/callRecord.ts";

const begun = callRecord({ appName: "a", functionName: "f", kind: "run", createdAt: 1_000 });

function finished(counts: Partial<InputCounts>, changes: Partial<CallRecord> = {}): CallRecord {
  return { ...begun, finishedAt: 2_234, counts: { ...noInputs, ...counts }, ...changes };
}

test("an unfinished call turns only while news of it arrives", () => {
  assert.equal(lastCallTitle(begun, true), "$(sync~spin) running");
  assert.equal(lastCallTitle(begun, false), "$(sync) unfinished");
  const map: CallRecord = { ...begun, kind: "map", counts: { ...noInputs, PENDING: 7, SUCCESS: 2, FAILURE: 1 } };
  assert.equal(lastCallTitle(map, true), "$(sync~spin) 3 of 10 inputs, 1 failed");
  assert.equal(lastCallTitle({ ...map, counts: { ...noInputs, PENDING: 1 } }, true), "$(sync~spin) 0 of 1 input");
});

test("a finished call says how it ended, and after which time", () => {
  assert.equal(lastCallTitle(finished({ SUCCESS: 1 }), false), "$(check) 1.2 s");
  assert.equal(lastCallTitle(finished({ FAILURE: 1 }), false), "$(error) failed after 1.2 s");
  assert.equal(lastCallTitle(finished({ TIMEOUT: 1 }), false), "$(error) timed out after 1.2 s");
  assert.equal(lastCallTitle(finished({ TERMINATED: 1 }), false), "$(circle-slash) cancelled");
  assert.equal(lastCallTitle({ ...begun, finishedAt: 1_005 }, false), "$(check) 5 ms");
});

test("a finished map says how many of its inputs failed", () => {
  const map = { kind: "map" } as const;
  assert.equal(lastCallTitle(finished({ SUCCESS: 10 }, map), false), "$(check) 10 inputs in 1.2 s");
  assert.equal(
    lastCallTitle(finished({ SUCCESS: 7, FAILURE: 2, TERMINATED: 1 }, map), false),
    "$(error) 2 of 10 inputs failed",
  );
});

test("the tooltip says where and when", () => {
  assert.match(lastCallTooltip(begun), /^Show the last call: run on Local, .*1970/);
});
