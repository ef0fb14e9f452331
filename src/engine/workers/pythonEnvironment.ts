import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where our Python files are, and the engine's own data. */
export interface PythonFolders {
  /** Holds `worker.py`, `describe.py` and the packages beside them. */
  readonly scripts: string;
  /** Undefined when everything is in memory. */
  readonly data: string | undefined;
}

/**
 * The environment of a Python process of ours: the engine's own, with nothing in it that would change how our side starts.
 *
 * There is no PYTHONPYCACHEPREFIX in it, to keep compiled files away from our sources: with it Python compiles its standard library
 * again too, which makes the start of a container three times as long.
 */
export function pythonEnvironment(folders: PythonFolders): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env, PYTHONIOENCODING: "utf-8", PYTHONUTF8: "1" };
  // The command line, called by user code, finds the engine that the code runs on.
  if (folders.data !== undefined) environment.SPAWNPOINT_HOME = folders.data;
  // Set by VS Code for its own children; in the user's it would turn `code` and Electron programs into plain Node.
  delete environment.ELECTRON_RUN_AS_NODE;
  return environment;
}

/** The folder itself when it is there; a process cannot start in one that is gone. */
export function workingFolder(folder: string, otherwise: string): string {
  return existsSync(folder) ? folder : otherwise;
}

export function scriptPath(
  folders: PythonFolders,
  script: "worker.py" | "describe.py" | "packages.py" | "places.py",
): string {
  return join(folders.scripts, script);
}
