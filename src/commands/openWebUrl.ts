import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { namedFunction } from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";
import { chooseFunction } from "./choose/chooseFunction.ts";
import type { Services } from "./services.ts";
import { isWebAddress } from "./webAddress.ts";

/**
 * *Open Web URL*: opens the address of a web endpoint in the browser. VS Code itself forwards a port of a remote machine:
 * `openExternal` resolves addresses as `asExternalUri` does.
 *
 * @param argument what `chooseFunction` takes
 * @returns the address
 */
export async function openWebUrl(services: Services, argument: unknown): Promise<string | undefined> {
  const choice = await chooseFunction(services, argument, "webEndpoint");
  if (!choice) return undefined;
  const modal = await services.targets.modal(choice);
  const { webUrl } = await namedFunction(modal, choice.appName, choice.functionName).hydrate();
  if (!webUrl) throw new InputError(l10n.t`${choice.functionName} is no web endpoint; it has no address to open.`);
  if (!isWebAddress(webUrl)) {
    throw new InputError(
      l10n.t`${choice.functionName} names ${webUrl} as its address, which is none of the web; nothing was opened.`,
    );
  }
  await vscode.env.openExternal(vscode.Uri.parse(webUrl, true));
  return webUrl;
}
