import * as vscode from "vscode";
import { type ExplorerNode, startsUnfolded } from "./nodes.ts";

/** How a row stands at first that has others below it. */
export function folding(node: ExplorerNode): vscode.TreeItemCollapsibleState {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  return startsUnfolded(node) ? Expanded : Collapsed;
}

/** A row of the tree. Its tooltip is made when the pointer rests on it. */
export function item(
  node: ExplorerNode,
  label: string,
  collapsibleState: vscode.TreeItemCollapsibleState,
  look: Pick<vscode.TreeItem, "contextValue" | "description" | "iconPath" | "command">,
): vscode.TreeItem {
  // Without this, screen readers are given the tooltip in place of what the row says.
  const accessibilityInformation = { label: [label, look.description].filter(Boolean).join(", ") };
  return Object.assign(new vscode.TreeItem(label, collapsibleState), {
    id: node.id,
    accessibilityInformation,
    ...look,
  });
}
