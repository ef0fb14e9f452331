import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";
import type { FunctionResult } from "../../src/editor/functionResults.ts";
import { callRecord } from "../calls/callRecord.ts";

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier !== "vscode") return next(specifier, context);
    return { url: new URL("../commands/fakeVscode.ts", import.meta.url).href, shortCircuit: true };
  },
});
const { resultHover } = await import("../../src/editor/resultHover.ts");

const record = callRecord({
  targetId: "profile:a) [b](command:workbench.action.quit",
  targetName: "a",
  kind: "run",
  createdAt: 0,
});

function result(details: string, isFailure = false): FunctionResult {
  return { isFailure, preview: "", durationMs: 12, call: record, details: async () => details };
}

test("what a function gave is never Markdown of ours, and a hover runs nothing but what shows the call", async () => {
  const evil = "```\n[open](command:workbench.action.quit) <img src=x>";
  const hover = await resultHover("square", result(evil));
  assert.deepEqual(hover.isTrusted, { enabledCommands: ["spawnpoint.showCall", "spawnpoint.showPythonOutput"] });
  assert.ok(hover.value.includes(`<json>${evil}`), "as a block of code, whose fence VS Code makes long enough");
  const [link = assert.fail(), ...others] = hover.value.match(/\[Show Call\]\([^)]*\)$/g) ?? [];
  assert.deepEqual(others, []);
  const argument = decodeURIComponent(link.slice(link.indexOf("?") + 1, -1));
  assert.deepEqual(JSON.parse(argument), [{ functionCallId: "fc-1", targetId: record.targetId, environmentName: "" }]);
});

test("of a long value the beginning is shown, of a traceback the end", async () => {
  const hover = await resultHover("square", result("x".repeat(1_000_000)));
  assert.ok(hover.value.length < 6_000);
  const failed = await resultHover("square", result(`${"frame\n".repeat(10_000)}ValueError: x`, true));
  assert.ok(failed.value.length < 6_000);
  assert.match(failed.value, /<text>…[^<]*ValueError: x\[Show Call\]/);
});
