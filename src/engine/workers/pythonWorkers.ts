import { join } from "node:path";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import { ForkedWorkers } from "./fork/forkedWorkers.ts";
import { Reception } from "./fork/reception.ts";
import type { PythonFolders } from "./pythonEnvironment.ts";
import { PythonWorker } from "./pythonWorker.ts";
import { SpawnedProcess, workerProgram } from "./spawnedProcess.ts";
import type { StartWorker, VersionLaunch } from "./worker.ts";

/** Containers as Python processes of this machine. */
export interface PythonWorkers {
  readonly start: StartWorker;
  /** Lets go of what waits to become containers of an app's other versions; without `live`, of all. */
  appChanged(appId: string, live: VersionLaunch | undefined): void;
  /** Ends what waits to become a container; containers themselves are ended by whoever started them. */
  close(): void;
}

/**
 * Starts containers by forking where that is possible, else each from nothing.
 *
 * @param socketFolder where processes may reach the engine; undefined never forks
 */
export async function pythonWorkers(
  folders: PythonFolders,
  payloads: PayloadFiles,
  socketFolder: string | undefined,
): Promise<PythonWorkers> {
  // Not on macOS: Apple's frameworks, which Python's own modules load, refuse to work in a process that was only forked.
  const reception = process.platform === "linux" && socketFolder ? await openReception(socketFolder) : undefined;
  if (reception) {
    const workers = new ForkedWorkers(folders, payloads, reception);
    return {
      start: (launch, events) => workers.start(launch, events),
      appChanged: (appId, live) => workers.appChanged(appId, live),
      close: () => workers.close(),
    };
  }
  return {
    start: (launch, events) => {
      const process = new SpawnedProcess(workerProgram(folders, launch));
      return new PythonWorker(process, payloads, launch, events);
    },
    appChanged: () => {},
    close: () => {},
  };
}

async function openReception(folder: string): Promise<Reception | undefined> {
  try {
    return await Reception.open(join(folder, "containers.sock"));
  } catch (error) {
    process.stderr.write(`Every container imports its code anew, for there can be no socket in ${folder}: ${error}\n`);
    return undefined;
  }
}
