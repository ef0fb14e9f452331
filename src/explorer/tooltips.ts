import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { durationText } from "../calls/durationText.ts";
import { describeCounts } from "../calls/inputCounts.ts";
import type { AutoscalerSettings, ModalClient } from "../client/index.ts";
import type { EngineClient } from "../targets/engineClient.ts";
import type { TargetList } from "../targets/targetList.ts";
import type { AppNode, ClassNode, ExplorerNode, FunctionNode } from "./nodes.ts";

type DeployedApp = Awaited<ReturnType<EngineClient["app"]>>;

type Detail = readonly [name: string, value: string | number | undefined];

/** All that is known of a row, asked for when somebody wants to see it. What the server cannot tell is left out. */
export async function describeRow(targets: TargetList, node: ExplorerNode): Promise<vscode.MarkdownString | string> {
  switch (node.kind) {
    case "target":
      if (node.state.status === "failed") return node.state.error.message;
      return node.targetId === "local" ? l10n.t("The engine on this machine") : l10n.t`The Modal account ${node.name}`;
    case "environment":
      return node.isDefault ? l10n.t`The default environment ${node.name}` : l10n.t`The environment ${node.name}`;
    case "app":
      return tooltip(node.appName, await told(targets, node, (modal) => appDetails(targets, modal, node)));
    case "class":
      return tooltip(node.className, await told(targets, node, (modal) => functionDetails(targets, modal, node)));
    case "function":
      return tooltip(node.functionName, await told(targets, node, (modal) => functionDetails(targets, modal, node)));
    case "call":
      return tooltip(l10n.t`Call of ${node.functionName}`, [
        [l10n.t("Inputs"), describeCounts(node.counts)],
        [l10n.t("Created"), time(node.createdAt)],
        [l10n.t("ID"), node.functionCallId],
      ]);
    case "container":
      return tooltip(l10n.t("Container"), [
        [l10n.t("App"), node.appName],
        [l10n.t("Started"), time(node.startedAt)],
        [l10n.t("ID"), node.taskId],
      ]);
    case "deployment":
      return tooltip(`${node.appName} v${node.version}`, [
        [l10n.t("Deployed"), time(node.deployedAt)],
        [l10n.t("By"), node.deployedBy],
        [l10n.t("Tag"), node.tag],
        [l10n.t("Rollback to"), node.rollbackOf && `v${node.rollbackOf}`],
      ]);
    case "problem":
      return node.message;
    case "containers":
      return l10n.t`Containers of ${node.app.appName} that run`;
    case "deployments":
      return l10n.t`Deployments of ${node.app.appName}, newest first`;
    case "noApps":
      return "";
  }
}

async function appDetails(targets: TargetList, modal: ModalClient, node: AppNode): Promise<Detail[]> {
  const { version, createdAt, deployedAt, deployedBy } = await modal.apps.info(node.appId);
  return [
    ...runtimeDetails(await deployedHere(targets, node)),
    [l10n.t("Version"), version || undefined],
    [l10n.t("Created"), time(createdAt)],
    [l10n.t("Deployed"), time(deployedAt)],
    [l10n.t("By"), deployedBy],
  ];
}

async function functionDetails(
  targets: TargetList,
  modal: ModalClient,
  node: FunctionNode | ClassNode,
): Promise<Detail[]> {
  const { settings } = await modal.functions.fromId(node.functionId).getAutoscaler();
  const app = await deployedHere(targets, node);
  return [
    [l10n.t("State"), node.stats?.startFailure],
    ...runtimeDetails(app),
    ...settingsDetails(app?.functions.find(({ functionId }) => functionId === node.functionId)?.settings),
    ...autoscalerDetails(settings),
    ...notAppliedDetails(app?.notApplied ?? [], node),
  ];
}

/** What the engine on this machine knows besides what Modal's servers tell. */
async function deployedHere(
  targets: TargetList,
  node: AppNode | FunctionNode | ClassNode,
): Promise<DeployedApp | undefined> {
  return node.targetId === "local" ? (await targets.local.engine()).app(node.appId) : undefined;
}

function runtimeDetails(app: DeployedApp | undefined): Detail[] {
  if (!app) return [];
  return [[l10n.t("Runtime"), app.modalVersion ? `Modal ${app.modalVersion}` : l10n.t("built-in worker")]];
}

/** What the function was deployed with; Modal's servers do not tell it. */
function settingsDetails(settings: DeployedApp["functions"][number]["settings"]): Detail[] {
  if (!settings) return [];
  const { timeoutSeconds, retries, maxConcurrentInputs, targetConcurrentInputs } = settings;
  const { batchMaxSize, batchWaitMs, memoryLimitMib } = settings;
  const target = targetConcurrentInputs > 0 && targetConcurrentInputs < maxConcurrentInputs;
  return [
    [l10n.t("Timeout"), timeoutSeconds > 0 ? durationText(timeoutSeconds * 1_000) : undefined],
    [l10n.t("Retries"), retries || undefined],
    [
      l10n.t("Concurrent inputs"),
      target ? l10n.t`${maxConcurrentInputs}, planned for ${targetConcurrentInputs}` : maxConcurrentInputs || undefined,
    ],
    [
      l10n.t("Batches"),
      batchMaxSize > 0 ? l10n.t`up to ${batchMaxSize} inputs that come within ${batchWaitMs} ms` : undefined,
    ],
    [l10n.t("Memory limit"), memoryLimitMib > 0 ? `${memoryLimitMib} MiB` : undefined],
  ];
}

/** What the function asks for that means nothing on this machine, such as a schedule or a GPU, each with why. */
function notAppliedDetails(notApplied: DeployedApp["notApplied"], node: FunctionNode | ClassNode): Detail[] {
  const name = node.kind === "class" ? node.className : node.functionName;
  const [className] = name.split(".");
  const isAbout = ({ functionName }: { functionName: string }) =>
    functionName === name ||
    functionName === className ||
    (node.kind === "class" && functionName.startsWith(`${name}.`));
  const own = notApplied.filter(isAbout);
  return own.map(({ option, value, reason }) => {
    const given = value === "" ? option : `${option} = ${value}`;
    return [l10n.t`Not applied here: ${given}`, reason];
  });
}

function autoscalerDetails(settings: AutoscalerSettings): Detail[] {
  const { minContainers, maxContainers, bufferContainers, scaledownWindowMs } = settings;
  return [
    [l10n.t("Minimum of containers"), minContainers],
    [l10n.t("Maximum of containers"), maxContainers],
    [l10n.t("Buffer containers"), bufferContainers],
    [l10n.t("Scaledown window"), scaledownWindowMs === undefined ? undefined : `${scaledownWindowMs / 1_000} s`],
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
  return [...answered, [l10n.t("URL"), webUrl], [l10n.t("ID"), id]];
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
