import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { FunctionKind } from "../../editor/functionScan.ts";
import { InputError } from "../../inputs/inputError.ts";
import type { TargetPlace } from "../../targets/targetList.ts";
import { placeOf, textProperty } from "../argument.ts";
import { deployFile } from "../deployApp.ts";
import { saveFiles } from "../python/saveFiles.ts";
import type { Services } from "../services.ts";
import { chooseDeclaration } from "./chooseDeclaration.ts";

/** A function by its names, and where it is. */
export interface FunctionChoice extends TargetPlace {
  readonly appName: string;
  readonly functionName: string;
}

const DEPLOYED_HERE: TargetPlace = { targetId: "local", environmentName: "" };

/**
 * Which function a command is for: the one that it was given, from an editor's menu the one with the cursor, otherwise the user picks among all that are deployed. A
 * given `path` is deployed first, so that what is called is what is in the editor.
 *
 * @param argument a `Uri` from an editor's menu, `{ appName, functionName, targetId?, environmentName? }`, `{ path, functionName, appName? }` or anything else
 * @returns undefined when the user picks none
 */
export async function chooseFunction(
  services: Services,
  argument: unknown,
  kind: FunctionKind = "function",
): Promise<FunctionChoice | undefined> {
  if (argument instanceof vscode.Uri) return functionAtCursor(services, argument, kind);
  const path = textProperty(argument, "path");
  const functionName = textProperty(argument, "functionName");
  const appName = textProperty(argument, "appName");
  if (path && functionName) return deployedFunction(services, vscode.Uri.file(path), functionName, appName);
  const place = placeOf(services, argument);
  return appName && functionName ? { appName, functionName, ...place } : pickFunction(services, place);
}

async function functionAtCursor(
  services: Services,
  file: vscode.Uri,
  kind: FunctionKind,
): Promise<FunctionChoice | undefined> {
  const fn = await chooseDeclaration(services, file, kind);
  return fn && deployedFunction(services, vscode.Uri.file(fn.path), fn.functionName, fn.appName || undefined);
}

async function deployedFunction(
  services: Services,
  file: vscode.Uri,
  functionName: string,
  appName: string | undefined,
): Promise<FunctionChoice | undefined> {
  const { targets } = services;
  if (targets.current.targetId !== targets.local.id) return functionOfAccount(services, file, functionName, appName);
  const { apps } = await deployFile(services, file);
  const holders = apps.filter((app) => app.functions.some((candidate) => candidate.name === functionName));
  const names = holders.map((app) => app.name);
  const known = names.find((name) => name === appName) ?? (names.length === 1 ? names[0] : undefined);
  if (known) return { appName: known, functionName, ...DEPLOYED_HERE };
  if (names.length === 0)
    throw new InputError(l10n.t`${file.fsPath} was deployed, but has no function "${functionName}".`);
  const picked = await vscode.window.showQuickPick(names, { placeHolder: l10n.t`${functionName} of which app?` });
  return picked ? { appName: picked, functionName, ...DEPLOYED_HERE } : undefined;
}

/** A function of a file on the current account. What is deployed there costs money, so that it is deployed only by *Deploy App*, or when the user says so. */
async function functionOfAccount(
  services: Services,
  file: vscode.Uri,
  functionName: string,
  appName: string | undefined,
): Promise<FunctionChoice | undefined> {
  const place = services.targets.current;
  const find = async () => {
    const found = (await deployedFunctions(services, place)).filter((choice) => choice.functionName === functionName);
    return found.find((choice) => choice.appName === appName) ?? (found.length === 1 ? found[0] : undefined);
  };
  const { name } = await services.targets.find(place.targetId);
  const known = await find();
  const message = known
    ? l10n.t`Run ${functionName} on ${name} as it is deployed there, or deploy this file first?`
    : l10n.t`${functionName} is not deployed on ${name} yet.`;
  const run = l10n.t("Run Deployed");
  const deploy = l10n.t("Deploy");
  const buttons = known ? [run, deploy] : [deploy];
  const choice = await vscode.window.showInformationMessage(message, { modal: true }, ...buttons);
  if (choice === run) return known;
  if (choice !== deploy) return undefined;
  const { deployToAccount } = await import("../deployToAccount.ts");
  await saveFiles(file);
  await deployToAccount(services, file, place);
  const deployed = await find();
  if (!deployed)
    throw new InputError(l10n.t`${file.fsPath} was deployed, but ${name} has no function "${functionName}".`);
  return deployed;
}

async function deployedFunctions({ targets }: Services, place: TargetPlace): Promise<FunctionChoice[]> {
  const modal = await targets.modal(place);
  const apps = (await modal.apps.list()).filter((app) => app.state === "DEPLOYED");
  const functions = apps.map(async ({ appId, name: appName }) =>
    (await modal.apps.layout(appId)).map(({ name }) => ({ appName, functionName: name, ...place })),
  );
  return (await Promise.all(functions)).flat();
}

async function pickFunction(services: Services, place: TargetPlace): Promise<FunctionChoice | undefined> {
  const known = (await deployedFunctions(services, place)).map((choice) => ({
    label: choice.functionName,
    description: choice.appName,
    iconPath: new vscode.ThemeIcon("symbol-function"),
    choice,
  }));
  if (known.length > 0) {
    const options = { placeHolder: l10n.t("Which function?"), matchOnDescription: true, ignoreFocusOut: true };
    return (await vscode.window.showQuickPick(known, options))?.choice;
  }
  const message = l10n.t("No function is deployed yet.");
  const deploy = l10n.t("Deploy App");
  const samples = l10n.t("Open Samples");
  const choice = await vscode.window.showInformationMessage(message, deploy, samples);
  if (choice === deploy) await vscode.commands.executeCommand("spawnpoint.deployApp");
  if (choice === samples) await vscode.commands.executeCommand("spawnpoint.openSamples");
  return undefined;
}
