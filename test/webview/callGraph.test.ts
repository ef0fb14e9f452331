import assert from "node:assert/strict";
import { test } from "node:test";
import { type FoldedCall, foldCalls } from "../../src/webview/graph/foldCalls.ts";
import { layGraph, NODE_HEIGHT_PX, NODE_WIDTH_PX } from "../../src/webview/graph/graphLayout.ts";
import { counts, graphNode, wordCountGraph } from "./samples.ts";

const names = (calls: readonly FoldedCall[]) => calls.map((call) => `${call.functionName}×${call.calls}`);

test("a few calls stay apart, many calls of one function become one box with all their inputs", () => {
  const calls = (count: number) =>
    Array.from({ length: count }, (_, call) =>
      graphNode("part", {
        functionCallId: `fc-${call}`,
        counts: counts({ SUCCESS: 2, FAILURE: 1 }),
        children: [graphNode("leaf", { functionCallId: `fc-leaf-${call}` })],
      }),
    );
  assert.deepEqual(names(foldCalls(calls(8))), Array(8).fill("part×1"));
  const [folded, other] = foldCalls([...calls(9), graphNode("other")]);
  assert.ok(folded && other);
  assert.deepEqual(names([folded, other]), ["part×9", "other×1"]);
  assert.deepEqual(folded.counts, counts({ SUCCESS: 18, FAILURE: 9 }));
  assert.deepEqual(names(folded.children), ["leaf×9"]);
});

test("functions of the same name in two modules are two functions", () => {
  const calls = Array.from({ length: 10 }, (_, call) => graphNode("run", { moduleName: call % 2 ? "one" : "two" }));
  assert.equal(foldCalls(calls).length, 10);
});

test("each level is a column, no box covers another, every call has an edge to its caller", () => {
  const layout = layGraph(foldCalls([...wordCountGraph(), graphNode("second_root")]));
  const columns = new Set(layout.nodes.map((node) => node.leftPx));
  assert.equal(columns.size, 3);
  for (const node of layout.nodes) {
    const covered = layout.nodes.filter(
      (other) =>
        Math.abs(other.leftPx - node.leftPx) < NODE_WIDTH_PX && Math.abs(other.topPx - node.topPx) < NODE_HEIGHT_PX,
    );
    assert.deepEqual(covered, [node]);
    assert.ok(node.leftPx + NODE_WIDTH_PX <= layout.widthPx && node.topPx + NODE_HEIGHT_PX <= layout.heightPx);
    assert.ok(node.leftPx >= 0 && node.topPx >= 0);
  }
  assert.equal(layout.edges.length, layout.nodes.length - 2);
});

test("no calls make an empty drawing", () => {
  assert.deepEqual(layGraph([]), { nodes: [], edges: [], widthPx: 0, heightPx: 0 });
});
