import type { StartWorker, Worker, WorkerEvents } from "../workers/worker.ts";
import type { VolumeLinks } from "./volumeLinks.ts";

/** Starts containers in the same way, with their volumes where they look for them, as far as that is possible. */
export function withVolumes(startWorker: StartWorker, links: VolumeLinks): StartWorker {
  return (launch, events) => {
    const { volumes = [] } = launch;
    const taken = volumes.find((mount) => links.isTaken(mount));
    // It would read and write another volume's files.
    if (taken)
      return failedWorker(
        events,
        `Another volume stands at ${taken.path} while containers use it; wait, or mount one of the two elsewhere.`,
      );
    const standing = volumes.filter((mount) => links.take(mount));
    if (standing.length === 0) return startWorker(launch, events);
    const exited: WorkerEvents["exited"] = (reason, outOfMemory) => {
      for (const mount of standing) links.release(mount);
      events.exited(reason, outOfMemory);
    };
    return startWorker(launch, { ...events, exited });
  };
}

function failedWorker(events: WorkerEvents, message: string): Worker {
  setImmediate(() => {
    events.failed({ exception: message, traceback: message });
    events.exited("was not started");
  });
  const nothing = () => {};
  return { send: nothing, recall: nothing, cancel: nothing, stop: nothing, kill: nothing };
}
