import { join } from "node:path";
import { type PythonFolders, pythonEnvironment, workingFolder } from "../pythonEnvironment.ts";
import type { Program } from "../spawnedProcess.ts";
import type { WorkerLaunch } from "../worker.ts";

/** Where a container finds what it needs. */
export interface ContainerPaths {
  /** The serialized `ContainerArguments`. */
  readonly arguments: string;
  /** The engine's socket for this container. */
  readonly socket: string;
  /** The home folder of its user code. */
  readonly home: string;
}

/** What starts Modal's own runtime, with the environment that it expects (`py/modal/_container_entrypoint.py`). */
export function modalProgram(folders: PythonFolders, launch: WorkerLaunch, paths: ContainerPaths): Program {
  const { python, taskId, variables } = launch;
  // What a client of Modal's is told by the user's environment is not for containers, which have no token.
  const inherited = Object.entries(pythonEnvironment(folders)).filter(([name]) => !name.startsWith("MODAL_"));
  return {
    python,
    script: join(folders.scripts, "runtime", "modal_container.py"),
    folder: workingFolder(paths.home, folders.scripts),
    environment: {
      ...Object.fromEntries(inherited),
      ...variables,
      MODAL_CONTAINER_ARGUMENTS_PATH: paths.arguments,
      MODAL_SERVER_URL: `unix://${paths.socket}`,
      MODAL_IS_REMOTE: "1",
      MODAL_TASK_ID: taskId,
    },
  };
}
