import * as l10n from "@vscode/l10n";

/** A way on that a message or a row offers: its button, and the command behind it. */
export interface WayOn {
  readonly button: string;
  readonly command: string;
}

/**
 * What most likely helps against an error; undefined where that is to try again. Errors go by their names: an import of their classes
 * would load the client with the extension.
 */
export function wayOn(errorName: string): WayOn | undefined {
  switch (errorName) {
    case "AuthError":
      return { button: l10n.t("Sign In"), command: "spawnpoint.signIn" };
    case "EngineStartError":
    case "NoEngineError":
      return { button: l10n.t("Show Engine Log"), command: "spawnpoint.showEngineLog" };
    case "InterpreterError":
      return { button: l10n.t("Select Interpreter"), command: "spawnpoint.selectInterpreter" };
    case "UntrustedWorkspaceError":
      return { button: l10n.t("Manage Workspace Trust"), command: "workbench.trust.manage" };
    default:
      return undefined;
  }
}
