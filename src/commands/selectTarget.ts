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
    title: "Select Target",
    placeHolder: "Where should functions be deployed and called?",
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (item?.command) await vscode.commands.executeCommand(item.command);
  return item?.target;
}

function targetItems({ all, current }: Services["targets"]): TargetItem[] {
  return all.map((target) => ({
    label: `$(${target.id === "local" ? "server-environment" : "cloud"}) ${target.name}`,
    description: [describeSource(target.id), target.id === current.targetId && "current"].filter(Boolean).join(" · "),
    target,
  }));
}

function otherItems(problem: string | undefined): TargetItem[] {
  const items: TargetItem[] = [
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    { label: "$(key) Sign In with a Token…", command: "spawnpoint.signIn" },
  ];
  if (problem) items.push({ label: "$(warning) Modal's configuration file cannot be read", detail: problem });
  return items;
}

function describeSource(targetId: string): string {
  if (targetId === "local") return "the engine on this machine";
  if (targetId === "variables") return "MODAL_TOKEN_ID and MODAL_TOKEN_SECRET";
  return targetId.startsWith("profile:") ? "profile of ~/.modal.toml" : "token in VS Code";
}

/** Asks only where there is a choice. */
async function pickEnvironment(target: LazyTarget): Promise<string | undefined> {
  const environments = await (await target.modal()).environments.list();
  if (environments.length < 2) return "";
  const items = environments.map(({ name, isDefault }) => ({
    label: `$(layers) ${name}`,
    description: isDefault ? "default" : "",
    environmentName: isDefault ? "" : name,
  }));
  const options = { title: `Environment of ${target.name}`, placeHolder: "Which environment?", ignoreFocusOut: true };
  return (await vscode.window.showQuickPick(items, options))?.environmentName;
}
