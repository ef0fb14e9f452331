import * as vscode from "vscode";
import { failedInputs, finishedInputs, type InputCounts } from "../calls/inputCounts.ts";
import { describeAge } from "./age.ts";
import { item } from "./item.ts";
import type { CallNode } from "./nodes.ts";

export function callItem(node: CallNode): vscode.TreeItem {
  const { counts } = node;
  return item(node, outcome(counts), vscode.TreeItemCollapsibleState.None, {
    contextValue: counts.PENDING > 0 ? "call.running" : "call.finished",
    description: describeAge(Date.now() - node.createdAt),
    iconPath: callIcon(counts),
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
