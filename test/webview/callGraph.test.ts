import assert from "node:assert/strict";
import { test } from "node:test";
import { callForest } from "../../src/calls/callForest.ts";
import { graphOutline } from "../../src/calls/graphOutline.ts";
import type { BoxChoice } from "../../src/calls/model.ts";
import type { CallGraphLists } from "../../src/client/index.ts";
import { failureEnds, keyMeaning } from "../../src/webview/graph/graphKeys.ts";
import { layGraph, NODE_HEIGHT_PX, NODE_WIDTH_PX } from "../../src/webview/graph/graphLayout.ts";
import { graphLists, times, wordCountGraph } from "../calls/graphLists.ts";

function layout(lists: CallGraphLists, ...choices: BoxChoice[]) {
  return layGraph(graphOutline(callForest(lists), choices).roots);
}

test("each level is a column, no box covers another, every call has an edge to its caller", () => {
  const { inputs, functionCalls } = wordCountGraph();
  const second = graphLists({ functionName: "second_root" });
  const { nodes, edges, widthPx, heightPx } = layout({
    inputs: [...inputs, ...second.inputs],
    functionCalls: [...functionCalls, ...second.functionCalls],
  });
  assert.equal(new Set(nodes.map((node) => node.leftPx)).size, 3);
  for (const node of nodes) {
    const covered = nodes.filter(
      (other) =>
        Math.abs(other.leftPx - node.leftPx) < NODE_WIDTH_PX && Math.abs(other.topPx - node.topPx) < NODE_HEIGHT_PX,
    );
    assert.deepEqual(covered, [node]);
    assert.ok(node.leftPx + NODE_WIDTH_PX <= widthPx && node.topPx + NODE_HEIGHT_PX <= heightPx);
    assert.ok(node.leftPx >= 0 && node.topPx >= 0);
  }
  assert.equal(edges.length, nodes.length - 2);
});

test("no calls make an empty drawing", () => {
  assert.deepEqual(layGraph([]), { nodes: [], edges: [], widthPx: 0, heightPx: 0 });
});

test("where more is below a box than is drawn, the way to the others stands last, and all say which of how many they are", () => {
  const { nodes } = layout(graphLists({ functionName: "main", statuses: times(50, "SUCCESS") }), {
    key: "fc-main",
    isUnfolded: true,
    isExpanded: true,
    first: 20,
  });
  assert.deepEqual(
    nodes.map(({ kind }) => kind),
    ["box", ...Array(20).fill("box"), "pager"],
  );
  assert.deepEqual([nodes[1]?.position, nodes[20]?.position, nodes[20]?.siblings], [21, 40, 50]);
});

test("the arrow keys go through the boxes as through a tree", () => {
  const { nodes } = layout(
    graphLists({
      functionName: "a",
      calls: [{ functionName: "b", statuses: times(2, "SUCCESS") }, { functionName: "c" }],
    }),
  );
  const [a, b, c] = nodes;
  assert.ok(a && b && c);
  assert.deepEqual(keyMeaning("ArrowRight", nodes, a), { act: "focus", node: b });
  assert.deepEqual(keyMeaning("ArrowRight", nodes, b), { act: "expand" });
  assert.equal(keyMeaning("ArrowRight", nodes, c), undefined);
  assert.deepEqual(keyMeaning("ArrowLeft", nodes, a), { act: "collapse" });
  assert.deepEqual(keyMeaning("ArrowLeft", nodes, c), { act: "focus", node: a });
  assert.deepEqual(keyMeaning("ArrowDown", nodes, b), { act: "focus", node: c });
  assert.equal(keyMeaning("ArrowDown", nodes, c), undefined);
  assert.deepEqual(keyMeaning("End", nodes, a), { act: "focus", node: c });
  assert.deepEqual(keyMeaning("Home", nodes, c), { act: "focus", node: a });
  assert.deepEqual(keyMeaning("Enter", nodes, c), { act: "open" });
  assert.equal(keyMeaning("x", nodes, c), undefined);
});

test("the way to a failure is drawn as such, and ends where it is drawn no further", () => {
  const { nodes, edges } = layout(
    graphLists({
      functionName: "a",
      calls: [
        { functionName: "b", calls: [{ functionName: "c", statuses: ["FAILURE"] }, { functionName: "d" }] },
        { functionName: "e" },
      ],
    }),
  );
  assert.equal(edges.filter(({ leadsToFailure }) => leadsToFailure).length, 2);
  assert.deepEqual(
    failureEnds(nodes).map(({ box }) => box.functionName),
    ["c"],
  );
});
