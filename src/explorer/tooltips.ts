import * as vscode from "vscode";
import { describeCounts } from "../calls/inputCounts.ts";
import type { AutoscalerSettings, ModalClient } from "../client/index.ts";
import type { TargetList } from "../targets/targetList.ts";
import type { AppNode, ClassNode, ExplorerNode, FunctionNode } from "./nodes.ts";

type Detail = readonly [name: string, value: string | number | undefined];

/** All that is known of a row, asked for when somebody wants to see it. What the server cannot tell is left out. */
export async function describeRow(targets: TargetList, node: ExplorerNode): Promise<vscode.MarkdownString | string> {
  switch (node.kind) {
    case "target":
      if (node.state.status === "failed") return node.state.error.message;
      return node.targetId === "local" ? "The engine on this machine" : `The Modal account ${node.name}`;
    case "environment":
      return node.isDefault ? `The default environment ${node.name}` : `The environment ${node.name}`;
    case "app":
      return tooltip(node.appName, await told(targets, node, (modal) => appDetails(modal, node)));
    case "class":
      return tooltip(node.className, await told(targets, node, (modal) => functionDetails(modal, node)));
    case "function":
      return tooltip(node.functionName, await told(targets, node, (modal) => functionDetails(modal, node)));
    case "call":
      return tooltip(`Call of ${node.functionName}`, [
        ["Inputs", describeCounts(node.counts)],
        ["Created", time(node.createdAt)],
        ["ID", node.functionCallId],
      ]);
    case "container":
      return tooltip("Container", [
        ["App", node.appName],
        ["Started", time(node.startedAt)],
        ["ID", node.taskId],
      ]);
    case "deployment":
      return tooltip(`${node.appName} v${node.version}`, [
        ["Deployed", time(node.deployedAt)],
        ["By", node.deployedBy],
        ["Tag", node.tag],
        ["Rollback to", node.rollbackOf && `v${node.rollbackOf}`],
      ]);
    case "problem":
      return node.message;
    case "containers":
      return `Containers of ${node.app.appName} that run`;
    case "deployments":
      return `Deployments of ${node.app.appName}, newest first`;
    case "noApps":
      return "";
  }
}

async function appDetails(modal: ModalClient, { appId }: AppNode): Promise<Detail[]> {
  const { version, createdAt, deployedAt, deployedBy } = await modal.apps.info(appId);
  return [
    ["Version", version || undefined],
    ["Created", time(createdAt)],
    ["Deployed", time(deployedAt)],
    ["By", deployedBy],
  ];
}

async function functionDetails(modal: ModalClient, { functionId }: FunctionNode | ClassNode): Promise<Detail[]> {
  const { settings } = await modal.functions.fromId(functionId).getAutoscaler();
  return autoscalerDetails(settings);
}

function autoscalerDetails(settings: AutoscalerSettings): Detail[] {
  const { minContainers, maxContainers, bufferContainers, scaledownWindowMs } = settings;
  return [
    ["Minimum of containers", minContainers],
    ["Maximum of containers", maxContainers],
    ["Buffer containers", bufferContainers],
    ["Scaledown window", scaledownWindowMs === undefined ? undefined : `${scaledownWindowMs / 1_000} s`],
  ];
}

/** What the row itself knows, and what its server tells besides, if it does. */
async function told(
  targets: TargetList,
  node: AppNode | ClassNode | FunctionNode,
  ask: (modal: ModalClient) => Promise<Detail[]>,
): Promise<Detail[]> {
  const id = node.kind === "app" ? node.appId : node.functionId;
  const webUrl = node.kind === "function" ? node.webUrl : "";
  const answered = await targets
    .modal(node)
    .then(ask)
    .catch(() => []);
  return [...answered, ["URL", webUrl], ["ID", id]];
}

function time(unixMs: number): string | undefined {
  return unixMs > 0 ? new Date(unixMs).toLocaleString() : undefined;
}

/** Names and values are the user's text: nothing in them is markup. */
function tooltip(title: string, details: readonly Detail[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString().appendMarkdown("**").appendText(title).appendMarkdown("**");
  for (const [name, value] of details) {
    if (value === undefined || value === "") continue;
    text.appendMarkdown(`\n\n${name}: `).appendText(String(value));
  }
  return text;
}
