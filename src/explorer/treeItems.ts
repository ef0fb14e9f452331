import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { describeAge } from "./age.ts";
import { callItem } from "./callItem.ts";
import { classItem, functionItem } from "./functionItems.ts";
import { folding, item } from "./item.ts";
import type {
  AppNode,
  ContainerNode,
  DeploymentNode,
  EnvironmentNode,
  ExplorerNode,
  GroupNode,
  TargetNode,
} from "./nodes.ts";
import { noAppsItem, problemItem } from "./noticeItems.ts";

const { Collapsed, None } = vscode.TreeItemCollapsibleState;

/** How a row looks, which may stand above its problem. `contextValue` decides which commands `package.json` offers on it. */
export function treeItem(node: ExplorerNode, hasProblem: boolean): vscode.TreeItem {
  switch (node.kind) {
    case "target":
      return targetItem(node, hasProblem);
    case "environment":
      return environmentItem(node);
    case "app":
      return appItem(node);
    case "class":
      return classItem(node);
    case "function":
      return functionItem(node);
    case "call":
      return callItem(node);
    case "containers":
    case "deployments":
      return groupItem(node);
    case "container":
      return containerItem(node);
    case "deployment":
      return deploymentItem(node);
    case "noApps":
      return noAppsItem(node);
    case "problem":
      return problemItem(node);
  }
}

function targetItem(node: TargetNode, hasProblem: boolean): vscode.TreeItem {
  const { targetId, name, state, onlyEnvironment } = node;
  // A server that was connected to may not answer any more.
  const status = hasProblem ? "failed" : state.status;
  const isLocal = targetId === "local";
  const descriptions = {
    notStarted: l10n.t("not started"),
    starting: l10n.t("starting…"),
    running: l10n.t("running"),
    failed: l10n.t("failed"),
  };
  const icon = isLocal ? "server-environment" : "cloud";
  return item(node, name, folding(node), {
    contextValue: `${isLocal ? "target" : targetId.startsWith("token:") ? "token" : "account"}.${status}`,
    description: [descriptions[status], onlyEnvironment].filter(Boolean).join(" · "),
    iconPath: new vscode.ThemeIcon(status === "starting" ? "loading~spin" : icon),
  });
}

function environmentItem(node: EnvironmentNode): vscode.TreeItem {
  return item(node, node.name, folding(node), {
    contextValue: "environment",
    description: node.isDefault ? l10n.t("default") : "",
    iconPath: new vscode.ThemeIcon("layers"),
  });
}

function appItem(node: AppNode): vscode.TreeItem {
  const state = node.state.toLowerCase();
  const running = node.numRunningContainers;
  const version = node.version > 0 ? `v${node.version}` : "";
  const containers = running === 1 ? l10n.t("1 container") : running > 0 ? l10n.t`${running} containers` : "";
  return item(node, node.appName, folding(node), {
    contextValue: `app.${state}${node.targetId === "local" ? "" : ".cloud"}`,
    description: [state.replaceAll("_", " "), version, containers].filter(Boolean).join(" · "),
    iconPath: new vscode.ThemeIcon("package"),
  });
}

function groupItem(node: GroupNode): vscode.TreeItem {
  const isContainers = node.kind === "containers";
  return item(node, isContainers ? l10n.t("Containers") : l10n.t("Deployments"), Collapsed, {
    contextValue: node.kind,
    description: isContainers && node.count > 0 ? String(node.count) : "",
    iconPath: new vscode.ThemeIcon(isContainers ? "server-process" : "history"),
  });
}

function containerItem(node: ContainerNode): vscode.TreeItem {
  return item(node, node.taskId, None, {
    contextValue: "container",
    description: node.startedAt > 0 ? l10n.t`started ${describeAge(Date.now() - node.startedAt)}` : l10n.t("starting…"),
    iconPath: new vscode.ThemeIcon("vm"),
  });
}

function deploymentItem(node: DeploymentNode): vscode.TreeItem {
  const allowed = !node.isCurrent && node.rollbackAllowed;
  const rollback = node.rollbackOf === undefined ? "" : l10n.t`rollback to v${node.rollbackOf}`;
  const age = describeAge(Date.now() - node.deployedAt);
  return item(node, `v${node.version}`, None, {
    contextValue: allowed ? "deployment.rollback" : "deployment",
    description: [node.isCurrent && l10n.t("current"), age, rollback, node.tag].filter(Boolean).join(" · "),
    iconPath: new vscode.ThemeIcon(node.isCurrent ? "check" : "git-commit"),
  });
}
