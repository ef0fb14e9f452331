import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { DEFAULT_SERVER_URL } from "../client/index.ts";
import { InputError } from "../inputs/inputError.ts";
import { TokenAccounts } from "../targets/tokenAccounts.ts";
import { textProperty } from "./argument.ts";
import type { Services } from "./services.ts";

/**
 * *Sign In with a Token*: asks for a token of Modal and keeps it in VS Code's secret storage once the server has taken it.
 *
 * @returns the account's target id, or undefined when the user gives up
 */
export async function signIn({ targets, secrets }: Services): Promise<string | undefined> {
  const tokenId = await ask(l10n.t("Token ID"), "ak-…", 1, (text) =>
    /^a[ks]-\S+$/.test(text) ? "" : l10n.t("A token ID begins with ak-."),
  );
  if (!tokenId) return undefined;
  const isSecret = (text: string) => (/^as-\S+$/.test(text) ? "" : l10n.t("A token secret begins with as-."));
  const tokenSecret = await ask(l10n.t("Token Secret"), "as-…", 2, isSecret);
  if (!tokenSecret) return undefined;
  const url = await ask(l10n.t("Server"), DEFAULT_SERVER_URL, 3, serverProblem, DEFAULT_SERVER_URL);
  if (!url) return undefined;
  const options = { location: vscode.ProgressLocation.Notification, title: l10n.t("Signing in to Modal") };
  const add = () => new TokenAccounts(secrets).add({ tokenId, tokenSecret, url });
  const name = await vscode.window.withProgress(options, add);
  await targets.refresh();
  const targetId = `token:${name}`;
  targets.choose({ targetId, environmentName: "" });
  void vscode.window.showInformationMessage(l10n.t`Signed in to ${name}.`);
  return targetId;
}

/**
 * *Sign Out*: forgets a token that was typed by hand.
 *
 * @param argument `{ targetId }`; otherwise the user picks one
 */
export async function signOut({ targets, secrets }: Services, argument: unknown): Promise<void> {
  await targets.refresh();
  const accounts = targets.all.filter(({ id }) => id.startsWith("token:"));
  if (accounts.length === 0) {
    throw new InputError(
      l10n.t("There is no token to forget; accounts of Modal's configuration file are signed out there."),
    );
  }
  const given = accounts.find(({ id }) => id === textProperty(argument, "targetId"));
  const items = accounts.map((account) => ({ label: `$(cloud) ${account.name}`, account }));
  const account =
    given ?? (await vscode.window.showQuickPick(items, { placeHolder: l10n.t("Sign out of which account?") }))?.account;
  if (!account) return;
  if (targets.current.targetId === account.id) targets.choose({ targetId: targets.local.id, environmentName: "" });
  await new TokenAccounts(secrets).remove(account.name);
  await targets.refresh();
}

function ask(
  what: string,
  placeHolder: string,
  step: number,
  problem: (text: string) => string,
  value = "",
): Thenable<string | undefined> {
  return vscode.window
    .showInputBox({
      title: l10n.t`Sign In to Modal: ${what} (${step}/3)`,
      prompt: step === 1 ? l10n.t("Tokens are made in the dashboard of Modal, at modal.com/settings/tokens.") : "",
      placeHolder,
      value,
      password: step === 2,
      ignoreFocusOut: true,
      validateInput: (text) => problem(text.trim()),
    })
    .then((text) => text?.trim());
}

function serverProblem(text: string): string {
  const urls = text.split(",").map((url) => url.trim());
  return urls.every((url) => URL.canParse(url) && /^https?:/.test(url))
    ? ""
    : l10n.t("A server is a URL, e.g. https://api.modal.com.");
}
