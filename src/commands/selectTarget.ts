import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { LazyTarget } from "../targets/lazyTarget.ts";
import type { TargetPlace } from "../targets/targetList.ts";
import { isRecord, textProperty } from "./argument.ts";
import type { Services } from "./services.ts";

/** A row of the first pick: a target, or something that leads to one. */
interface TargetItem extends vscode.QuickPickItem {
  readonly target?: LazyTarget;
  readonly command?: string;
}

/**
 * *Select Target*: chooses where code goes from the editor and the palette: the engine on this machine, or an account and an environment.
 *
 * @param argument `{ targetId, environmentName? }`; otherwise the user picks
 * @returns what is current now
 */
export async function selectTarget(services: Services, argument: unknown): Promise<TargetPlace | undefined> {
  const { targets } = services;
  const targetId = textProperty(argument, "targetId");
  const target = targetId === undefined ? await pickTarget(services) : await targets.find(targetId);
  if (!target) return undefined;
  const given =
    isRecord(argument) && typeof argument.environmentName === "string" ? argument.environmentName : undefined;
  const environmentName = given ?? (await pickEnvironment(target));
  if (environmentName === undefined) return undefined;
  const place = { targetId: target.id, environmentName };
  targets.choose(place);
  return place;
}

async function pickTarget({ targets, log }: Services): Promise<LazyTarget | undefined> {
  // A configuration file that cannot be read must not stand in the way of the other targets.
  const problem = await targets.refresh().then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (problem) log.warn(problem);
  const item = await vscode.window.showQuickPick<TargetItem>([...targetItems(targets), ...otherItems(problem)], {
    title: l10n.t("Select Target"),
    placeHolder: l10n.t("Where should functions be deployed and called?"),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (item?.command) await vscode.commands.executeCommand(item.command);
  return item?.target;
}

function targetItems({ all, current }: Services["targets"]): TargetItem[] {
  return all.map((target) => ({
    label: `$(${target.id === "local" ? "server-environment" : "cloud"}) ${target.name}`,
    description: [describeSource(target.id), target.id === current.targetId && l10n.t("current")]
      .filter(Boolean)
      .join(" · "),
    target,
  }));
}

function otherItems(problem: string | undefined): TargetItem[] {
  const items: TargetItem[] = [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: l10n.t("$(key) Sign In with a Token…"), command: "spawnpoint.signIn" },
  ];
  if (problem) items.push({ label: l10n.t("$(warning) Modal's configuration file cannot be read"), detail: problem });
  return items;
}

function describeSource(targetId: string): string {
  if (targetId === "local") return l10n.t("the engine on this machine");
  if (targetId === "variables") return l10n.t`${"MODAL_TOKEN_ID"} and ${"MODAL_TOKEN_SECRET"}`;
  return targetId.startsWith("profile:") ? l10n.t("profile of ~/.modal.toml") : l10n.t("token in VS Code");
}

/** Asks only where there is a choice. */
async function pickEnvironment(target: LazyTarget): Promise<string | undefined> {
  const environments = await (await target.modal()).environments.list();
  if (environments.length < 2) return "";
  const items = environments.map(({ name, isDefault }) => ({
    label: `$(layers) ${name}`,
    description: isDefault ? l10n.t("default") : "",
    environmentName: isDefault ? "" : name,
  }));
  const options = {
    title: l10n.t`Environment of ${target.name}`,
    placeHolder: l10n.t("Which environment?"),
    ignoreFocusOut: true,
  };
  return (await vscode.window.showQuickPick(items, options))?.environmentName;
}
