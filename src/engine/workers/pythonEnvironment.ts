import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where our Python files are and where what Python makes of them may go. */
export interface PythonFolders {
  /** Holds `worker.py`, `describe.py` and the packages beside them. */
  readonly scripts: string;
  /** Compiled files; never beside the sources, which may be read-only or the user's. */
  readonly cache: string;
}

/** The environment of a Python process of ours: the engine's own, with nothing in it that would change how our side starts. */
export function pythonEnvironment(folders: PythonFolders): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PYTHONPYCACHEPREFIX: folders.cache,
    PYTHONIOENCODING: "utf-8",
    PYTHONUTF8: "1",
  };
  // Set by VS Code for its own children; in the user's it would turn `code` and Electron programs into plain Node.
  delete environment.ELECTRON_RUN_AS_NODE;
  return environment;
}

/** The folder itself when it is there; a process cannot start in one that is gone. */
export function workingFolder(folder: string, otherwise: string): string {
  return existsSync(folder) ? folder : otherwise;
}

export function scriptPath(folders: PythonFolders, script: "worker.py" | "describe.py"): string {
  return join(folders.scripts, script);
}
