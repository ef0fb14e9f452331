import { type HierarchyPointNode, hierarchy, tree } from "d3-hierarchy";
import type { FoldedCall } from "./foldCalls.ts";

export const NODE_WIDTH_PX = 224;
export const NODE_HEIGHT_PX = 84;
const COLUMN_GAP_PX = 72;
const ROW_GAP_PX = 20;

export interface PlacedCall {
  readonly call: FoldedCall;
  readonly leftPx: number;
  readonly topPx: number;
}

export interface GraphLayout {
  readonly nodes: readonly PlacedCall[];
  /** Path data of the curve from each caller to each call it made. */
  readonly edges: readonly string[];
  readonly widthPx: number;
  readonly heightPx: number;
}

interface TreeNode {
  /** Undefined for the unseen root. */
  readonly call: FoldedCall | undefined;
  readonly children: TreeNode[];
}

function treeNode(call: FoldedCall): TreeNode {
  return { call, children: call.children.map(treeNode) };
}

/** Places calls from left to right, each column a level, so that edges do not cross. Several roots stand below each other. */
export function layGraph(roots: readonly FoldedCall[]): GraphLayout {
  if (roots.length === 0) return { nodes: [], edges: [], widthPx: 0, heightPx: 0 };
  // d3 lays out one tree, from top to bottom: an unseen root holds ours together, and x and y trade places.
  const unseenRoot: TreeNode = { call: undefined, children: roots.map(treeNode) };
  const place = tree<TreeNode>()
    .nodeSize([NODE_HEIGHT_PX + ROW_GAP_PX, NODE_WIDTH_PX + COLUMN_GAP_PX])
    .separation(() => 1);
  const points = place(hierarchy(unseenRoot)).descendants().slice(1);
  const firstRow = Math.min(...points.map((point) => point.x));
  const lastRow = Math.max(...points.map((point) => point.x));
  const leftOf = (point: HierarchyPointNode<TreeNode>) => (point.depth - 1) * (NODE_WIDTH_PX + COLUMN_GAP_PX);
  const topOf = (point: HierarchyPointNode<TreeNode>) => Math.round(point.x - firstRow);
  const nodes = points.flatMap((point) =>
    point.data.call ? [{ call: point.data.call, leftPx: leftOf(point), topPx: topOf(point) }] : [],
  );
  const edges = points.flatMap((point) =>
    (point.children ?? []).map((child) => edge(leftOf(point), topOf(point), leftOf(child), topOf(child))),
  );
  const deepest = Math.max(...points.map((point) => point.depth));
  return {
    nodes,
    edges,
    widthPx: deepest * NODE_WIDTH_PX + (deepest - 1) * COLUMN_GAP_PX,
    heightPx: lastRow - firstRow + NODE_HEIGHT_PX,
  };
}

/** From the middle of the caller's right side to the middle of the call's left side, leaving both straight. */
function edge(fromLeftPx: number, fromTopPx: number, toLeftPx: number, toTopPx: number): string {
  const startX = fromLeftPx + NODE_WIDTH_PX;
  const startY = fromTopPx + NODE_HEIGHT_PX / 2;
  const endY = toTopPx + NODE_HEIGHT_PX / 2;
  const middleX = (startX + toLeftPx) / 2;
  return `M${startX},${startY}C${middleX},${startY} ${middleX},${endY} ${toLeftPx},${endY}`;
}
