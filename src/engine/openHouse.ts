import { mkdtempSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { Credentials } from "./announcement.ts";
import { Deployments } from "./deploy/deployments.ts";
import { ModalPackages } from "./deploy/modalPackages.ts";
import { OwnClients } from "./deploy/ownClients.ts";
import { Runtimes } from "./deploy/runtimes.ts";
import { Snapshots } from "./deploy/snapshots.ts";
import { VariableFiles } from "./deploy/variables.ts";
import { Dicts } from "./dicts/dicts.ts";
import type { EngineOptions } from "./engineOptions.ts";
import { ContainerLogs } from "./logs/containerLogs.ts";
import { MountFiles } from "./mounts/mountFiles.ts";
import { BlobEndpoint } from "./payloads/blobEndpoint.ts";
import { PayloadFiles } from "./payloads/payloadFiles.ts";
import { Queues } from "./queues/queues.ts";
import { Expiry } from "./retention/expiry.ts";
import { folderSize } from "./retention/folderSizes.ts";
import { retentionLimits } from "./retention/limits.ts";
import { Retention } from "./retention/retention.ts";
import { AppRuns } from "./runs/appRuns.ts";
import { systemClock } from "./scheduler/clock.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { stopApp } from "./service/apps/stopApp.ts";
import { answerPython } from "./service/containerRequests.ts";
import { containerTask } from "./service/containerTask.ts";
import type { House } from "./service/house.ts";
import { modalService } from "./service/modalService.ts";
import { openStore, payloadNames } from "./store/store.ts";
import { VolumeLinks } from "./volumes/volumeLinks.ts";
import { Volumes } from "./volumes/volumes.ts";
import { withVolumes } from "./volumes/withVolumes.ts";
import { WebService } from "./web/webService.ts";
import { ContainerRecords } from "./workers/containerRecords.ts";
import { memoryLimited } from "./workers/memoryLimit.ts";
import { type ModalSurroundings, ModalWorker } from "./workers/modal/modalWorker.ts";
import { type PythonWorkers, pythonWorkers } from "./workers/pythonWorkers.ts";
import type { StartWorker } from "./workers/worker.ts";

/** What the house is given by the engine around it. */
interface HouseSurroundings {
  readonly credentials: Credentials;
  /** Where the engine is reached; empty until it is. */
  readonly url: () => string;
  /** A request came by HTTP, which counts as use. */
  readonly onWebRequest: () => void;
}

/** The rooms of an engine that nobody can reach yet. */
export interface OpenHouse {
  readonly house: House;
  readonly workers: PythonWorkers;
}

/**
 * Builds the rooms and hands them to each other. Nothing that was unfinished is taken up yet.
 *
 * @throws DataFolderError when the data folder cannot be used
 */
export async function openHouse(options: EngineOptions, surroundings: HouseSurroundings): Promise<OpenHouse> {
  const { credentials, url, onWebRequest } = surroundings;
  const kept = openFolder(options.dataFolder, credentials);
  const { store, payloads, folder } = kept;
  const blobEndpoint = await BlobEndpoint.start(payloads);
  const pythonFolders = { scripts: options.pythonScripts, data: options.dataFolder };
  const deployments = new Deployments(store, kept, pythonFolders);
  const logs = new ContainerLogs(store, options.outputLimitBytes);
  const containers = new ContainerRecords(() => systemClock.unixMs());
  const workers = await pythonWorkers(pythonFolders, payloads, options.fork ? folder : undefined);
  const parts = { ...kept, pythonFolders, deployments, logs, containers };
  const scheduler = newScheduler(parts, workers, options, () => house);
  const dicts = new Dicts({ store, payloads, clock: systemClock });
  const queues = new Queues({ store, payloads, clock: systemClock });
  const packages = new ModalPackages(pythonFolders);
  const stop = (appId: string): Promise<void> => stopApp(house, appId);
  const house: House = {
    ...{ ...parts, scheduler, dicts, queues, blobEndpoint, credentials, url },
    web: new WebService({ store, scheduler, payloads, onRequest: onWebRequest }),
    runs: new AppRuns({ store, containers, clock: systemClock, stop }),
    retention: new Retention(
      {
        ...{ store, payloads, scheduler, deployments },
        clock: systemClock,
        payloadBytes: () => folderSize(join(folder, "payloads")),
      },
      retentionLimits(store.settings, options.limits),
    ),
    expiry: new Expiry({ ...{ store, payloads, dicts, queues }, clock: systemClock }),
    runtimes: new Runtimes(options.runtime, (python) => packages.of(python)),
    clients: new OwnClients(),
    inputPlaneUrl: () => (options.inputPlane ? url() : undefined),
  };
  return { house, workers };
}

/** What outlives the engine: in the data folder, or in a temporary one that goes with it. */
function openFolder(dataFolder: string | undefined, { tokenSecret }: Credentials) {
  const store = openStore(dataFolder);
  const folder = dataFolder ?? mkdtempSync(join(tmpdir(), "spawnpoint-"));
  const payloads = new PayloadFiles(folder);
  const named = new Set(payloadNames(store));
  payloads.open((blobId) => named.has(blobId));
  return {
    store,
    folder,
    payloads,
    snapshots: new Snapshots(join(folder, "snapshots")),
    variables: new VariableFiles(join(folder, "variables"), tokenSecret),
    mounts: new MountFiles(join(folder, "mounts")),
    volumes: new Volumes(join(folder, "volumes")),
    volumeLinks: new VolumeLinks(join(folder, "volumeLinks.json")),
  };
}

type SchedulerParts = Pick<
  House,
  "store" | "deployments" | "payloads" | "snapshots" | "volumeLinks" | "logs" | "containers" | "pythonFolders"
>;

/** A scheduler whose containers are run by our own worker or by Modal's runtime, as their version says. */
function newScheduler(
  { store, deployments, payloads, snapshots, volumeLinks, logs, containers, pythonFolders }: SchedulerParts,
  workers: PythonWorkers,
  { memoryLimitBytes }: EngineOptions,
  house: () => House,
): Scheduler {
  const modalRuntime: ModalSurroundings = {
    ...{ folders: pythonFolders, payloads },
    service: () => modalService(house()),
    taskOf: (launch) => containerTask(house(), launch),
  };
  const startWorker: StartWorker = (launch, events) =>
    launch.runtime === "modal" ? new ModalWorker(launch, events, modalRuntime) : workers.start(launch, events);
  return new Scheduler(store, (functionId) => deployments.launchOf(functionId), {
    clock: systemClock,
    cores: availableParallelism(),
    startWorker: containers.recording(withVolumes(memoryLimited(startWorker, memoryLimitBytes), volumeLinks)),
    appChanged: ({ appId, stoppedAt, digest, python }) =>
      workers.appChanged(appId, stoppedAt === undefined ? { snapshotPath: snapshots.path(digest), python } : undefined),
    overrideOf: (functionId) => store.autoscaler.override(functionId, deployments.find(functionId).app.version),
    removeFiles: (blobIds) => payloads.remove(blobIds),
    log: (launch, log) => logs.record(launch, log),
    request: ({ app }, request) => answerPython(house(), app.id, request),
  });
}
