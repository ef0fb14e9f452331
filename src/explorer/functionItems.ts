import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FunctionStats } from "../client/index.ts";
import { folding, item } from "./item.ts";
import type { ClassNode, FunctionNode } from "./nodes.ts";

export function classItem(node: ClassNode): vscode.TreeItem {
  return item(node, node.className, folding(node), {
    contextValue: `class${cloud(node)}`,
    description: describeStats(node.stats),
    iconPath: new vscode.ThemeIcon("symbol-class"),
  });
}

export function functionItem(node: FunctionNode): vscode.TreeItem {
  const { functionName, inClass } = node;
  const isMethod = functionName.includes(".");
  return item(node, inClass ? functionName.slice(functionName.indexOf(".") + 1) : functionName, folding(node), {
    contextValue: `function${node.webUrl ? ".web" : ""}${cloud(node)}`,
    description: inClass ? "" : describeStats(node.stats),
    iconPath: new vscode.ThemeIcon(isMethod ? "symbol-method" : "symbol-function"),
  });
}

function cloud({ targetId }: FunctionNode | ClassNode): string {
  return targetId === "local" ? "" : ".cloud";
}

function describeStats(stats: FunctionStats | undefined): string {
  if (!stats) return "";
  const { backlog, numTotalRunners: runners, startFailure } = stats;
  if (startFailure) return l10n.t("cannot start");
  const parts = [runners === 1 ? l10n.t("1 runner") : l10n.t`${runners} runners`];
  if (backlog > 0) parts.unshift(l10n.t`backlog ${backlog}`);
  return parts.join(" · ");
}
