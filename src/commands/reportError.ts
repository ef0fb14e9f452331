import * as vscode from "vscode";

/** A way on that a message offers: its button, and the command behind it. */
interface WayOn {
  readonly button: string;
  readonly command: string;
  readonly argument?: unknown;
}

const SHOW_OUTPUT: WayOn = { button: "Show Output", command: "spawnpoint.showOutput" };
const SHOW_ENGINE_LOG: WayOn = { button: "Show Engine Log", command: "spawnpoint.showEngineLog" };
const SELECT_TARGET: WayOn = { button: "Select Target", command: "spawnpoint.selectTarget" };
const SELECT_INTERPRETER: WayOn = { button: "Select Interpreter", command: "spawnpoint.selectInterpreter" };

const MANAGE_TRUST: WayOn = { button: "Manage Workspace Trust", command: "workbench.trust.manage" };

/** By the names of errors: an import of their classes would load the client with the extension. */
const waysOn: Readonly<Record<string, WayOn>> = {
  AuthError: SELECT_TARGET,
  ConnectionError: SELECT_TARGET,
  EngineStartError: SHOW_ENGINE_LOG,
  NoEngineError: SHOW_ENGINE_LOG,
  InterpreterError: SELECT_INTERPRETER,
  UntrustedWorkspaceError: MANAGE_TRUST,
};

/** Tells the user in one sentence what happened, with a way on, and the output channel everything. Giving up on purpose is no failure. */
export function reportError(log: vscode.LogOutputChannel, error: unknown): void {
  if (error instanceof vscode.CancellationError) return;
  const message = error instanceof Error ? error.message : String(error);
  log.error(details(error));
  const special = error instanceof Error ? waysOn[error.name] : undefined;
  const ways = special ? [special, SHOW_OUTPUT] : [SHOW_OUTPUT];
  void vscode.window.showErrorMessage(message, ...ways.map(({ button }) => button)).then((choice) => {
    const way = ways.find(({ button }) => button === choice);
    return way && vscode.commands.executeCommand(way.command, way.argument);
  });
}

/** The messages from the outermost to its last cause, with stacks and with Python's traceback where there is one. */
function details(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const traceback = "traceback" in error && typeof error.traceback === "string" ? `\n${error.traceback}` : "";
  const cause = error.cause === undefined ? "" : `\ncaused by ${details(error.cause)}`;
  return `${error.stack ?? error.message}${traceback}${cause}`;
}
