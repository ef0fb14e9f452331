import type { ExplorerTree } from "../explorer/explorerTree.ts";
import { type ExplorerNode, isExplorerNode } from "../explorer/nodes.ts";

/**
 * *Refresh*: reads the tree again.
 *
 * @param argument a row of the tree, to read only what is below it
 */
export async function refresh(explorer: ExplorerTree, argument: unknown): Promise<void> {
  explorer.refresh(isExplorerNode(argument) ? toRead(argument) : undefined);
}

function toRead(node: ExplorerNode): ExplorerNode | undefined {
  return node.kind === "problem" ? node.parent : node;
}
