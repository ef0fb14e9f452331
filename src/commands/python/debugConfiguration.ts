import { dirname, join } from "node:path";
import * as l10n from "@vscode/l10n";

/** What is debugged, and with what. */
export interface DebugTarget {
  /** As the debug toolbar and the call stack name it. */
  readonly functionName: string;
  /** The function's file; the process runs in its folder. */
  readonly path: string;
  /** Absolute path of the interpreter. */
  readonly python: string;
  /** The folder of our Python files. */
  readonly pythonFolder: string;
  /** A file with a `debugRequest`. */
  readonly requestPath: string;
}

/**
 * A launch for the Python Debugger extension (`debugpy`): our script makes the call in the debugger's own process, so that breakpoints
 * of the user's hit. https://code.visualstudio.com/docs/python/debugging says what the properties mean; `rules` is debugpy's own, by
 * which our code is not the user's: stepping out of the function ends the call.
 */
export function debugConfiguration({ functionName, path, python, pythonFolder, requestPath }: DebugTarget) {
  return {
    type: "debugpy",
    request: "launch",
    name: l10n.t`Debug ${functionName}`,
    program: join(pythonFolder, "debug.py"),
    args: [requestPath],
    python,
    cwd: dirname(path),
    console: "integratedTerminal",
    justMyCode: true,
    rules: [{ path: join(pythonFolder, "**"), include: false }],
  };
}
