import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { AppDeployment } from "../client/index.ts";
import { isRecord } from "./argument.ts";
import { type AppChoice, chooseApp } from "./choose/chooseApp.ts";
import type { Services } from "./services.ts";

/**
 * *Stop App*: after the user has confirmed it, ends an app's containers and takes it away.
 *
 * @param argument what `chooseApp` takes
 */
export async function stopApp(services: Services, argument: unknown): Promise<void> {
  const app = await chooseApp(services, argument);
  if (!app) return;
  const detail = l10n.t(
    "Its containers end, its unfinished inputs are cancelled, and its functions can no longer be called.",
  );
  const question = l10n.t`Stop ${app.appName} on ${await nameOf(services, app)}?`;
  if (!(await confirmed(question, detail, l10n.t("Stop App")))) return;
  await (await services.targets.modal(app)).apps.stop(app.appId);
  services.explorer.refresh();
  vscode.window.setStatusBarMessage(l10n.t`Stopped ${app.appName}.`, 5_000);
}

/**
 * *Rollback*: after the user has confirmed it, puts an earlier version of an app back, as a new version.
 *
 * @param argument what `chooseApp` takes, with `version`; without, the user picks it
 */
export async function rollback(services: Services, argument: unknown): Promise<void> {
  const app = await chooseApp(services, argument);
  if (!app) return;
  const version = versionOf(argument) ?? (await pickVersion(services, app));
  if (version === undefined) return;
  const detail = l10n.t`Version ${version} is deployed again as a new version. Calls that were made before go on as they are.`;
  const question = l10n.t`Roll ${app.appName} on ${await nameOf(services, app)} back to version ${version}?`;
  if (!(await confirmed(question, detail, l10n.t("Rollback")))) return;
  await (await services.targets.modal(app)).apps.rollback(app.appId, { version });
  services.explorer.refresh();
  vscode.window.setStatusBarMessage(l10n.t`Rolled ${app.appName} back to version ${version}.`, 5_000);
}

function versionOf(argument: unknown): number | undefined {
  const version = isRecord(argument) ? argument.version : undefined;
  const isDeployment = isRecord(argument) && argument.kind === "deployment";
  return isDeployment && typeof version === "number" ? version : undefined;
}

async function pickVersion(services: Services, app: AppChoice): Promise<number | undefined> {
  const deployments = await (await services.targets.modal(app)).apps.history(app.appId);
  const earlier = deployments.filter(({ isCurrent, rollbackAllowed }) => !isCurrent && rollbackAllowed);
  const items = earlier.map((deployment) => ({ ...describe(deployment), version: deployment.version }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(l10n.t`${app.appName} has no earlier version that can be put back.`);
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: l10n.t("Back to which version?") }))?.version;
}

function describe({ version, deployedAt, deployedBy, tag }: AppDeployment): vscode.QuickPickItem {
  const description = [new Date(deployedAt).toLocaleString(), deployedBy, tag].filter(Boolean).join(" · ");
  return { label: `v${version}`, description };
}

async function nameOf({ targets }: Services, { targetId }: AppChoice): Promise<string> {
  return (await targets.find(targetId)).name;
}

async function confirmed(question: string, detail: string, button: string): Promise<boolean> {
  return (await vscode.window.showWarningMessage(question, { modal: true, detail }, button)) === button;
}
