import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";

/** The workspace is not trusted, so that nothing of it is run. */
class UntrustedWorkspaceError extends Error {
  override readonly name = "UntrustedWorkspaceError";
}

/**
 * VS Code greys such commands out in a workspace that is not trusted. Keys, links and other extensions do not look at that, so it is
 * asked again where code is about to run.
 *
 * @throws UntrustedWorkspaceError
 */
export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UntrustedWorkspaceError(l10n.t("This workspace is not trusted, so nothing of it is run; trust it first."));
}
