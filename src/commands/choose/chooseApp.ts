import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { InputError } from "../../inputs/inputError.ts";
import type { TargetPlace } from "../../targets/targetList.ts";
import { placeOf, textProperty } from "../argument.ts";
import type { Services } from "../services.ts";

/** An app, and where it is. */
export interface AppChoice extends TargetPlace {
  readonly appId: string;
  readonly appName: string;
}

/**
 * Which app a command is for: the one that it was given, otherwise the user picks one.
 *
 * @param argument `{ appId, appName, targetId?, environmentName? }` or anything else
 * @returns undefined when the user picks none
 */
export async function chooseApp({ targets }: Services, argument: unknown): Promise<AppChoice | undefined> {
  const place = placeOf({ targets }, argument);
  const appId = textProperty(argument, "appId");
  if (appId) return { appId, appName: textProperty(argument, "appName") ?? appId, ...place };
  const apps = await (await targets.modal(place)).apps.list();
  const items = apps
    .filter(({ state }) => state !== "STOPPED")
    .map((app) => ({
      label: app.name,
      description: app.state.toLowerCase(),
      iconPath: new vscode.ThemeIcon("package"),
      app,
    }));
  if (items.length === 0) throw new InputError(l10n.t("No app is deployed here; deploy one first."));
  const picked = await vscode.window.showQuickPick(items, { placeHolder: l10n.t("Which app?") });
  return picked && { appId: picked.app.appId, appName: picked.app.name, ...place };
}
