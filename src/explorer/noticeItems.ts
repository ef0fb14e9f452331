import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { wayOn } from "../targets/wayOn.ts";
import { item } from "./item.ts";
import type { NoAppsNode, ProblemNode } from "./nodes.ts";

const { None } = vscode.TreeItemCollapsibleState;

export function noAppsItem(node: NoAppsNode): vscode.TreeItem {
  const command = node.filtered
    ? { command: "spawnpoint.clearFilter", title: l10n.t("Clear Filter") }
    : { command: "spawnpoint.deployApp", title: l10n.t("Deploy App") };
  return item(node, node.filtered ? l10n.t("No app matches the filter") : l10n.t("No app is deployed yet"), None, {
    contextValue: "noApps",
    description: command.title,
    iconPath: new vscode.ThemeIcon("info"),
    command,
  });
}

/** A click does what most likely helps; the row's menu offers to try again. */
export function problemItem(node: ProblemNode): vscode.TreeItem {
  const way = wayOn(node.errorName);
  const retry = { command: "spawnpoint.refresh", title: l10n.t("Retry"), arguments: [node, undefined] }; // As its menu gives it.
  const special = node.parent ? way : { button: l10n.t("Open File"), command: "spawnpoint.openModalConfig" };
  const command = special ? { command: special.command, title: special.button } : retry;
  return item(node, node.message, None, {
    contextValue: "problem",
    description: command.title,
    iconPath: new vscode.ThemeIcon("warning"),
    command,
  });
}
