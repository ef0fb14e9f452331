import { type HierarchyPointNode, hierarchy, tree } from "d3-hierarchy";
import type { GraphBox } from "../../panel/messages.ts";

export const NODE_WIDTH_PX = 224;
export const NODE_HEIGHT_PX = 84;
const COLUMN_GAP_PX = 72;
const ROW_GAP_PX = 20;

/** A box, or below the last of a window of boxes the way to the others. */
export interface PlacedNode {
  readonly kind: "box" | "pager";
  /** Of a pager the box whose children it pages through. */
  readonly box: GraphBox;
  readonly parent: GraphBox | undefined;
  /** From 1 for roots. */
  readonly level: number;
  /** From 1, among all siblings; also those that are not drawn. */
  readonly position: number;
  readonly siblings: number;
  readonly leftPx: number;
  readonly topPx: number;
}

interface PlacedEdge {
  /** Path data of the curve from a caller to what it called. */
  readonly path: string;
  readonly leadsToFailure: boolean;
}

export interface GraphLayout {
  /** As a reader of the tree comes by them: each before what is below it. */
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
  readonly widthPx: number;
  readonly heightPx: number;
}

type TreeNode = Pick<PlacedNode, "kind" | "parent" | "position" | "siblings"> & {
  /** Undefined for the unseen root. */
  readonly box: GraphBox | undefined;
};

type Point = HierarchyPointNode<TreeNode>;

/** Places boxes from left to right, each column a level, so that edges do not cross. Several roots stand below each other. */
export function layGraph(roots: readonly GraphBox[]): GraphLayout {
  if (roots.length === 0) return { nodes: [], edges: [], widthPx: 0, heightPx: 0 };
  // d3 lays out one tree, from top to bottom: an unseen root holds ours together, and x and y trade places.
  const unseenRoot: TreeNode = { kind: "box", box: undefined, parent: undefined, position: 1, siblings: 1 };
  const place = tree<TreeNode>()
    .nodeSize([NODE_HEIGHT_PX + ROW_GAP_PX, NODE_WIDTH_PX + COLUMN_GAP_PX])
    .separation(() => 1);
  const points: Point[] = [];
  place(hierarchy(unseenRoot, (node) => (node === unseenRoot ? rootNodes(roots) : childNodes(node)))).eachBefore(
    (point) => points.push(point),
  );
  points.shift();
  const [firstRow, lastRow, deepest] = extent(points);
  const topOf = (point: Point) => Math.round(point.x - firstRow);
  const nodes = points.flatMap((point): PlacedNode[] => {
    const { box } = point.data;
    return box ? [{ ...point.data, box, level: point.depth, leftPx: leftOf(point), topPx: topOf(point) }] : [];
  });
  const edges = points.flatMap((point) =>
    (point.children ?? []).map(
      (child): PlacedEdge => ({
        path: curve(leftOf(point), topOf(point), leftOf(child), topOf(child)),
        leadsToFailure: child.data.kind === "box" && (child.data.box?.leadsToFailure ?? false),
      }),
    ),
  );
  const widthPx = deepest * NODE_WIDTH_PX + (deepest - 1) * COLUMN_GAP_PX;
  return { nodes, edges, widthPx, heightPx: lastRow - firstRow + NODE_HEIGHT_PX };
}

function rootNodes(roots: readonly GraphBox[]): TreeNode[] {
  return roots.map((box, place) => ({
    kind: "box",
    box,
    parent: undefined,
    position: place + 1,
    siblings: roots.length,
  }));
}

function childNodes({ kind, box }: TreeNode): TreeNode[] {
  if (kind === "pager" || !box) return [];
  const { children, first, numChildren } = box;
  const nodes = children.map(
    (child, place): TreeNode => ({
      kind: "box",
      box: child,
      parent: box,
      position: first + place + 1,
      siblings: numChildren,
    }),
  );
  if (children.length === 0 || children.length === numChildren) return nodes;
  return [...nodes, { kind: "pager", box, parent: box, position: numChildren, siblings: numChildren }];
}

/** The first and the last row in pixels, and the deepest level. */
function extent(points: readonly Point[]): [number, number, number] {
  let [first, last, deepest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];
  for (const { x, depth } of points) {
    first = Math.min(first, x);
    last = Math.max(last, x);
    deepest = Math.max(deepest, depth);
  }
  return [first, last, deepest];
}

function leftOf(point: Point): number {
  return (point.depth - 1) * (NODE_WIDTH_PX + COLUMN_GAP_PX);
}

/** From the middle of the caller's right side to the middle of the call's left side, leaving both straight. */
function curve(fromLeftPx: number, fromTopPx: number, toLeftPx: number, toTopPx: number): string {
  const startX = fromLeftPx + NODE_WIDTH_PX;
  const startY = fromTopPx + NODE_HEIGHT_PX / 2;
  const endY = toTopPx + NODE_HEIGHT_PX / 2;
  const middleX = (startX + toLeftPx) / 2;
  return `M${startX},${startY}C${middleX},${startY} ${middleX},${endY} ${toLeftPx},${endY}`;
}
