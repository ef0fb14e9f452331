import assert from "node:assert/strict";
import { test } from "node:test";
import { callGraphText } from "../../src/cli/callGraphText.ts";
import { bytesText, columns, counted, spanText } from "../../src/cli/render.ts";
import { parseSpan, parseTime } from "../../src/cli/times.ts";
import type { InputInfo, InputStatus } from "../../src/client/index.ts";

function input(functionName: string, call: string, status: InputStatus, children: InputInfo[] = []): InputInfo {
  return { inputId: "in-1", functionCallId: call, taskId: "", status, functionName, moduleName: "m", children };
}

test("a call graph is a line for each call, its inputs counted", () => {
  const leaves = (call: string) => [input("leaf", call, "SUCCESS"), input("leaf", call, "PENDING")];
  const root = input("root", "fc-1", "PENDING", [
    input("middle", "fc-2", "SUCCESS", leaves("fc-4")),
    input("middle", "fc-2", "FAILURE", leaves("fc-5")),
    input("other", "fc-3", "TERMINATED"),
  ]);
  assert.equal(
    callGraphText([root]),
    [
      "root  fc-1  1 input: 1 PENDING",
      "├─ middle  fc-2  2 inputs: 1 SUCCESS, 1 FAILURE",
      "│  ├─ leaf  fc-4  2 inputs: 1 SUCCESS, 1 PENDING",
      "│  └─ leaf  fc-5  2 inputs: 1 SUCCESS, 1 PENDING",
      "└─ other  fc-3  1 input: 1 TERMINATED",
    ].join("\n"),
  );
});

test("numbers are written for people", () => {
  assert.deepEqual([counted(1, "input"), counted(12_000, "input")], ["1 input", "12,000 inputs"]);
  assert.deepEqual([0, 1023, 1536, 5 * 1024 ** 2].map(bytesText), ["0 bytes", "1020 bytes", "1.5 KiB", "5 MiB"]);
  assert.deepEqual([400, 61_000, 7_200_000, 172_800_000].map(spanText), ["0 s", "1 min", "2 h", "2 d"]);
  assert.deepEqual(
    columns([
      ["a", "b"],
      ["long", "c"],
    ]),
    ["a     b", "long  c"],
  );
});

test("spans have a unit", () => {
  assert.deepEqual(["90s", "15m", "1.5h", "7d", "2w"].map(parseSpan), [9e4, 9e5, 5.4e6, 6.048e8, 1.2096e9]);
  for (const wrong of ["7", "d", "-1d", "1y", ""]) assert.throws(() => parseSpan(wrong), /Write a number and a unit/);
});

test("a moment is written as how long ago it was, or as a date with or without a time", () => {
  const before = Date.now() - 7_200_000;
  const twoHoursAgo = parseTime("2h");
  assert.ok(twoHoursAgo >= before && twoHoursAgo <= Date.now() - 7_200_000);
  assert.equal(parseTime("2026-03-01T05:00:00Z"), Date.UTC(2026, 2, 1, 5));
  assert.equal(parseTime("2026-03-01T05:00"), new Date(2026, 2, 1, 5).getTime());
  for (const text of ["2", "yesterday", "2026-13-01", "h"])
    assert.throws(() => parseTime(text), /such as 30m, 2h or 7d/);
});
