import assert from "node:assert/strict";
import { test } from "node:test";
import { callForest } from "../../src/calls/callForest.ts";
import { graphOutline } from "../../src/calls/graphOutline.ts";
import { CallPage } from "../../src/webview/state.ts";
import { graphLists } from "../calls/graphLists.ts";
import { callSummary, counts, logLine, resultRow, rowsWindow, statsSamples } from "./samples.ts";

function outlineOf(functionName: string) {
  return graphOutline(callForest(graphLists({ functionName })), []);
}

function newPage(): { page: CallPage; requested: number[] } {
  const requested: number[] = [];
  return {
    page: new CallPage({
      requestValue: (index) => requested.push(index),
      requestPart: () => undefined,
      lookAtRows: () => undefined,
      lookAtWaterfall: () => undefined,
      lookAtLatency: () => undefined,
    }),
    requested,
  };
}

test("a reset forgets everything of the call before", () => {
  const { page, requested } = newPage();
  page.apply({ type: "reset", call: callSummary() });
  page.apply({ type: "rows", window: rowsWindow(1, [resultRow(0)]) });
  page.apply({ type: "stats", samples: statsSamples(2) });
  page.apply({ type: "graph", outline: outlineOf("count_words") });
  page.apply({ type: "logs", lines: [logLine("hello\n")] });
  page.apply({ type: "failed", message: "The local engine does not answer." });
  page.values.look(0);
  page.rows.open(0);
  page.graph.restore([{ key: "a box", isExpanded: true }]);
  page.cancelling.value = true;

  page.apply({ type: "reset", call: callSummary({ functionCallId: "fc-other" }) });

  assert.equal(page.call.value?.functionCallId, "fc-other");
  assert.equal(page.rows.size, 0);
  assert.deepEqual(page.samples.value, []);
  assert.equal(page.graph.outline.value, undefined);
  assert.deepEqual(page.graph.choices, []);
  assert.deepEqual(page.logs.lines, []);
  assert.equal(page.failure.value, undefined);
  assert.equal(page.rows.openedIndex.value, undefined);
  assert.equal(page.cancelling.value, false);
  page.values.look(0);
  assert.deepEqual(requested, [0, 0]);
});

test("samples and lines are appended, everything else is replaced", () => {
  const { page } = newPage();
  page.apply({ type: "reset", call: callSummary() });
  page.apply({ type: "rows", window: rowsWindow(1, [resultRow(0)]) });
  page.apply({ type: "rows", window: rowsWindow(1, [resultRow(0), resultRow(3)]) });
  page.apply({ type: "stats", samples: statsSamples(2) });
  page.apply({ type: "stats", samples: statsSamples(3) });
  page.apply({ type: "logs", lines: [logLine("one\n")] });
  page.apply({ type: "logs", lines: [logLine("two\n")] });
  page.apply({ type: "graph", outline: outlineOf("first") });
  page.apply({ type: "graph", outline: outlineOf("second") });
  page.apply({ type: "call", call: callSummary({ inputs: 4, counts: counts({ SUCCESS: 2, PENDING: 2 }) }) });

  assert.equal(page.rows.size, 2);
  assert.equal(page.samples.value.length, 5);
  assert.deepEqual(
    page.logs.lines.map((line) => line.text),
    ["one", "two"],
  );
  assert.deepEqual(
    page.graph.outline.value?.roots.map((root) => root.functionName),
    ["second"],
  );
  assert.equal(page.call.value?.counts.SUCCESS, 2);
});

test("a failure that names an input belongs to its value, any other one to the page", () => {
  const { page } = newPage();
  page.apply({ type: "reset", call: callSummary() });
  const value = page.values.look(7);
  page.apply({ type: "failed", message: "The result has expired.", index: 7 });
  assert.deepEqual(value.value, { state: "failed", message: "The result has expired." });
  assert.equal(page.failure.value, undefined);

  page.cancelling.value = true;
  page.apply({ type: "failed", message: "The call could not be cancelled." });
  assert.equal(page.failure.value, "The call could not be cancelled.");
  assert.equal(page.cancelling.value, false);
});

test("cancelling ends when the call is finished", () => {
  const { page } = newPage();
  page.apply({ type: "reset", call: callSummary() });
  page.cancelling.value = true;
  page.apply({ type: "call", call: callSummary() });
  assert.equal(page.cancelling.value, true);
  page.apply({ type: "call", call: callSummary({ finishedAt: Date.now() }) });
  assert.equal(page.cancelling.value, false);
});
