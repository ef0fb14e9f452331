import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import type { ModalClient } from "../../client/index.ts";
import { InputError } from "../../inputs/inputError.ts";
import type { LogOrigin } from "../../logs/logOrigin.ts";
import type { TargetPlace } from "../../targets/targetList.ts";
import { placeOf, textProperty } from "../argument.ts";
import type { Services } from "../services.ts";

/**
 * Whose logs a command is for: what it was given, otherwise the user picks an app, a function or a container of the current target, or
 * types an id.
 *
 * @param argument `{ functionCallId }`, `{ taskId }`, `{ appName, functionName | className }`, `{ appId }`, or anything else
 */
export async function chooseLogs(services: Services, argument: unknown): Promise<LogOrigin | undefined> {
  const place = placeOf(services, argument);
  const modal = await services.targets.modal(place);
  const id = textProperty(argument, "functionCallId") ?? textProperty(argument, "taskId");
  if (id) return originOfId(modal, place, id, textProperty(argument, "functionName"));
  const appName = textProperty(argument, "appName");
  if (!appName) return pickLogs(modal, place);
  const { targetId, environmentName } = place;
  const appId = textProperty(argument, "appId") ?? (await modal.apps.lookup(appName)).appId;
  const name = textProperty(argument, "functionName") ?? textProperty(argument, "className");
  if (!name) return { targetId, environmentName, title: appName, appId };
  const functionId = textProperty(argument, "functionId") ?? (await functionIdOf(modal, appId, name));
  return { targetId, environmentName, title: `${appName} › ${name}`, appId, functionId };
}

async function functionIdOf(modal: ModalClient, appId: string, name: string): Promise<string> {
  const found = (await modal.apps.layout(appId)).find((fn) => fn.name === name);
  if (found) return found.functionId;
  throw new InputError(l10n.t`The app has no function "${name}" now; choose another one, or deploy it.`);
}

async function originOfId(
  modal: ModalClient,
  { targetId, environmentName }: TargetPlace,
  id: string,
  functionName?: string,
): Promise<LogOrigin> {
  const title = functionName ? `${functionName} (${id})` : id;
  if (id.startsWith("ta-")) {
    const { appId } = await modal.containers.info(id);
    return { targetId, environmentName, title, appId, taskId: id };
  }
  const { appId } = await modal.calls.fromId(id).hydrate();
  return { targetId, environmentName, title, appId, functionCallId: id };
}

interface LogsItem extends vscode.QuickPickItem {
  readonly origin?: LogOrigin;
}

async function pickLogs(
  modal: ModalClient,
  { targetId, environmentName }: TargetPlace,
): Promise<LogOrigin | undefined> {
  const place = { targetId, environmentName };
  const apps = (await modal.apps.list()).filter(({ state }) => state === "DEPLOYED");
  const ofApps = await Promise.all(
    apps.map(async ({ appId, name }): Promise<LogsItem[]> => {
      const functions = await modal.apps.layout(appId);
      const ofFunctions = functions.map((fn) => ({
        label: `$(symbol-function) ${fn.name}`,
        description: name,
        origin: { ...place, title: `${name} › ${fn.name}`, appId, functionId: fn.functionId },
      }));
      return [
        { label: `$(package) ${name}`, description: l10n.t("app"), origin: { ...place, title: name, appId } },
        ...ofFunctions,
      ];
    }),
  );
  const containers = (await modal.containers.list()).map(
    ({ taskId, appId, appName }): LogsItem => ({
      label: `$(vm-running) ${taskId}`,
      description: appName,
      origin: { ...place, title: taskId, appId, taskId },
    }),
  );
  const byId: LogsItem = { label: l10n.t("$(key) Enter the id of a call or container…") };
  const item = await vscode.window.showQuickPick([...ofApps.flat(), ...containers, byId], {
    placeHolder: l10n.t("Whose logs?"),
    matchOnDescription: true,
    ignoreFocusOut: true,
  });
  if (item !== byId) return item?.origin;
  const id = await vscode.window.showInputBox({
    title: l10n.t("Id of a function call or container"),
    placeHolder: "fc-… or ta-…",
    validateInput: (text) => (/^(fc|ta)-/.test(text) ? undefined : l10n.t("Such an id begins with fc- or ta-.")),
  });
  return id === undefined ? undefined : originOfId(modal, place, id);
}
