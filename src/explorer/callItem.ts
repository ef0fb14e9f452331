import * as l10n from "@vscode/l10n";
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
    command: { command: "spawnpoint.showCall", title: l10n.t("Show Call"), arguments: [node] },
  });
}

/** E.g. `12 of 40` while inputs are unfinished, then `38 succeeded, 2 failed`. */
function outcome(counts: InputCounts): string {
  const finished = finishedInputs(counts);
  if (counts.PENDING > 0) return l10n.t`${finished} of ${finished + counts.PENDING}`;
  const groups = [
    [counts.SUCCESS, l10n.t("succeeded")],
    [counts.FAILURE + counts.INIT_FAILURE, l10n.t("failed")],
    [counts.TIMEOUT, l10n.t("timed out")],
    [counts.TERMINATED, l10n.t("cancelled")],
  ] as const;
  const parts = groups
    .filter(([number]) => number > 0)
    .map(([number, word]) => (finished > 1 ? `${number} ${word}` : word));
  return parts.join(", ") || l10n.t("no inputs");
}

function callIcon(counts: InputCounts): vscode.ThemeIcon {
  if (counts.PENDING > 0) return new vscode.ThemeIcon("sync~spin");
  if (counts.TERMINATED > 0) return new vscode.ThemeIcon("circle-slash");
  return failedInputs(counts) > 0
    ? new vscode.ThemeIcon("error", new vscode.ThemeColor("testing.iconFailed"))
    : new vscode.ThemeIcon("pass", new vscode.ThemeColor("testing.iconPassed"));
}
