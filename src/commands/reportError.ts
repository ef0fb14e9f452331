import * as vscode from "vscode";

/** Tells the user in one sentence what happened, and the output channel everything. Giving up on purpose is no failure. */
export function reportError(log: vscode.LogOutputChannel, error: unknown): void {
  if (error instanceof vscode.CancellationError) return;
  const message = error instanceof Error ? error.message : String(error);
  log.error(details(error));
  void vscode.window.showErrorMessage(message, "Show Output").then((choice) => choice && log.show());
}

/** The messages from the outermost to its last cause, with stacks and with Python's traceback where there is one. */
function details(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const traceback = "traceback" in error && typeof error.traceback === "string" ? `\n${error.traceback}` : "";
  const cause = error.cause === undefined ? "" : `\ncaused by ${details(error.cause)}`;
  return `${error.stack ?? error.message}${traceback}${cause}`;
}
