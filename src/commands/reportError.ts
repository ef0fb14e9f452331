import * as l10n from "@vscode/l10n";
import * as vscode from "vscode";
import { type WayOn, wayOn } from "../targets/wayOn.ts";

/** Tells the user in one sentence what happened, with a way on, and the output channel everything. Giving up on purpose is no failure. */
export function reportError(log: vscode.LogOutputChannel, error: unknown): void {
  if (error instanceof vscode.CancellationError) return;
  const message = error instanceof Error ? error.message : String(error);
  log.error(details(error));
  const showOutput: WayOn = { button: l10n.t("Show Output"), command: "spawnpoint.showOutput" };
  const ways = [...waysFor(error instanceof Error ? error.name : ""), showOutput];
  void vscode.window.showErrorMessage(message, ...ways.map(({ button }) => button)).then((choice) => {
    const way = ways.find(({ button }) => button === choice);
    return way && vscode.commands.executeCommand(way.command);
  });
}

/** Against what an account refuses, or when it does not answer, another target helps too. */
function waysFor(errorName: string): WayOn[] {
  const way = wayOn(errorName);
  const ways = way ? [way] : [];
  const selectTarget: WayOn = { button: l10n.t("Select Target"), command: "spawnpoint.selectTarget" };
  return ["AuthError", "ConnectionError"].includes(errorName) ? [...ways, selectTarget] : ways;
}

/** The messages from the outermost to its last cause, with stacks and with Python's traceback where there is one. */
function details(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const traceback = "traceback" in error && typeof error.traceback === "string" ? `\n${error.traceback}` : "";
  const cause = error.cause === undefined ? "" : `\ncaused by ${details(error.cause)}`;
  return `${error.stack ?? error.message}${traceback}${cause}`;
}
