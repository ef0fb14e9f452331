import * as vscode from "vscode";
import { describeCounts, failedInputs, finishedInputs, type InputCounts } from "../calls/inputCounts.ts";
import { describeAge } from "./age.ts";
import type { AppNode, CallNode, ExplorerNode, FunctionNode, ProblemNode, TargetNode } from "./nodes.ts";

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

/** How a node looks. `contextValue` decides which commands `package.json` offers on it. */
export function treeItem(node: ExplorerNode): vscode.TreeItem {
  switch (node.kind) {
    case "target":
      return targetItem(node);
    case "app":
      return appItem(node);
    case "function":
      return functionItem(node);
    case "call":
      return callItem(node);
    case "problem":
      return problemItem(node);
  }
}

function targetItem(node: TargetNode): vscode.TreeItem {
  const { targetId, name, state } = node;
  const isLocal = targetId === "local";
  const descriptions = { notStarted: "not started", starting: "starting…", running: "running", failed: "failed" };
  return item(node, name, isLocal ? Expanded : Collapsed, {
    contextValue: `${targetId === "local" ? "target" : targetId.startsWith("token:") ? "token" : "account"}.${state.status}`,
    description: descriptions[state.status],
    iconPath: new vscode.ThemeIcon(
      state.status === "starting" ? "loading~spin" : isLocal ? "server-environment" : "cloud",
    ),
    tooltip:
      state.status === "failed" ? state.error.message : isLocal ? "The engine on this machine" : "A Modal account",
  });
}

function appItem(node: AppNode): vscode.TreeItem {
  const state = node.state.toLowerCase();
  return item(node, node.appName, Expanded, {
    contextValue: `app.${state}`,
    description: node.version > 0 ? `${state} · v${node.version}` : state,
    iconPath: new vscode.ThemeIcon("package"),
    tooltip: `${node.appName} (${node.appId})`,
  });
}

function functionItem(node: FunctionNode): vscode.TreeItem {
  return item(node, node.functionName, Collapsed, {
    contextValue: "function",
    description: node.stats ? describeStats(node.stats.backlog, node.stats.numTotalRunners) : "",
    iconPath: new vscode.ThemeIcon("symbol-function"),
    tooltip: `${node.appName} / ${node.functionName} (${node.functionId})`,
  });
}

function describeStats(backlog: number, runners: number): string {
  const parts = [`${runners} ${runners === 1 ? "runner" : "runners"}`];
  if (backlog > 0) parts.unshift(`backlog ${backlog}`);
  return parts.join(" · ");
}

function callItem(node: CallNode): vscode.TreeItem {
  const { counts } = node;
  return item(node, outcome(counts), None, {
    contextValue: counts.PENDING > 0 ? "call.running" : "call.finished",
    description: describeAge(Date.now() - node.createdAt),
    iconPath: callIcon(counts),
    tooltip: `${node.functionName}: ${describeCounts(counts)} (${node.functionCallId}), ${new Date(node.createdAt).toLocaleString()}`,
    command: { command: "spawnpoint.showCall", title: "Show Call", arguments: [node] },
  });
}

/** E.g. `12 of 40` while inputs are unfinished, then `38 succeeded, 2 failed`. */
function outcome(counts: InputCounts): string {
  const finished = finishedInputs(counts);
  if (counts.PENDING > 0) return `${finished} of ${finished + counts.PENDING}`;
  const groups = [
    [counts.SUCCESS, "succeeded"],
    [counts.FAILURE + counts.INIT_FAILURE, "failed"],
    [counts.TIMEOUT, "timed out"],
    [counts.TERMINATED, "cancelled"],
  ] as const;
  const parts = groups
    .filter(([number]) => number > 0)
    .map(([number, word]) => (finished > 1 ? `${number} ${word}` : word));
  return parts.join(", ") || "no inputs";
}

function callIcon(counts: InputCounts): vscode.ThemeIcon {
  if (counts.PENDING > 0) return new vscode.ThemeIcon("sync~spin");
  if (counts.TERMINATED > 0) return new vscode.ThemeIcon("circle-slash");
  return failedInputs(counts) > 0
    ? new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed"))
    : new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
}

function problemItem(node: ProblemNode): vscode.TreeItem {
  return item(node, node.message, None, {
    contextValue: "problem",
    iconPath: new vscode.ThemeIcon("warning"),
    tooltip: node.message,
    command: { command: "spawnpoint.refresh", title: "Retry", arguments: [node.parent] },
  });
}

function item(
  node: ExplorerNode,
  label: string,
  collapsibleState: vscode.TreeItemCollapsibleState,
  look: Pick<vscode.TreeItem, "contextValue" | "description" | "iconPath" | "tooltip" | "command">,
): vscode.TreeItem {
  // Without this, screen readers are given the tooltip in place of what the row says.
  const accessibilityInformation = { label: [label, look.description].filter(Boolean).join(", ") };
  return Object.assign(new vscode.TreeItem(label, collapsibleState), {
    id: node.id,
    accessibilityInformation,
    ...look,
  });
}
