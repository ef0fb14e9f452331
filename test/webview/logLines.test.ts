import assert from "node:assert/strict";
import { test } from "node:test";
import { LogLines } from "../../src/webview/logs/logLines.ts";
import { logLine } from "./samples.ts";

const texts = (logs: LogLines) => logs.lines.map((line) => line.text);

test("pieces become lines, however the output was cut", () => {
  const logs = new LogLines();
  logs.append([logLine("one\ntw"), logLine("o\n"), logLine("\n"), logLine("three\r\nfo")]);
  logs.append([logLine("ur")]);
  assert.deepEqual(texts(logs), ["one", "two", "", "three", "four"]);
});

test("lines of containers and streams that run at the same time are not mixed", () => {
  const logs = new LogLines();
  logs.append([
    logLine("left ", { containerId: "ta-1" }),
    logLine("right ", { containerId: "ta-2" }),
    logLine("error\n", { containerId: "ta-1", stream: "stderr" }),
    logLine("end\n", { containerId: "ta-1" }),
    logLine("end\n", { containerId: "ta-2" }),
  ]);
  assert.deepEqual(texts(logs), ["left end", "right end", "error"]);
});

test("the last 20,000 lines are kept, with ids that stay", () => {
  const logs = new LogLines();
  logs.append(Array.from({ length: 20_010 }, (_, line) => logLine(`${line}\n`)));
  logs.append([logLine("begun ")]);
  logs.append([logLine("ended\n")]);
  assert.equal(logs.lines.length, 20_000);
  assert.equal(logs.dropped, 11);
  assert.equal(logs.lines[0]?.text, "11");
  assert.equal(logs.lines[0]?.id, 11);
  assert.equal(logs.lines.at(-1)?.text, "begun ended");
});
