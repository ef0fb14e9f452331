/** A way on that a message or a row offers: its button, and the command behind it. */
export interface WayOn {
  readonly button: string;
  readonly command: string;
}

const SHOW_ENGINE_LOG: WayOn = { button: "Show Engine Log", command: "spawnpoint.showEngineLog" };
const SELECT_INTERPRETER: WayOn = { button: "Select Interpreter", command: "spawnpoint.selectInterpreter" };
const MANAGE_TRUST: WayOn = { button: "Manage Workspace Trust", command: "workbench.trust.manage" };

/** By the names of errors: an import of their classes would load the client with the extension. */
const waysOn: Readonly<Record<string, WayOn>> = {
  AuthError: { button: "Sign In", command: "spawnpoint.signIn" },
  EngineStartError: SHOW_ENGINE_LOG,
  NoEngineError: SHOW_ENGINE_LOG,
  InterpreterError: SELECT_INTERPRETER,
  UntrustedWorkspaceError: MANAGE_TRUST,
};

/** What most likely helps against an error; undefined where that is to try again. */
export function wayOn(errorName: string): WayOn | undefined {
  return waysOn[errorName];
}
