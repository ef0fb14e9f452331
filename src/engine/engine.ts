import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { RuntimeChoice } from "../proto/gen/engine_pb.js";
import { type Announcement, announce, rememberedCredentials, withdraw } from "./announcement.ts";
import { Deployments } from "./deploy/deployments.ts";
import { ModalPackages } from "./deploy/modalPackages.ts";
import { OwnClients } from "./deploy/ownClients.ts";
import { Runtimes } from "./deploy/runtimes.ts";
import { Snapshots } from "./deploy/snapshots.ts";
import { VariableFiles } from "./deploy/variables.ts";
import { Dicts } from "./dicts/dicts.ts";
import { collectGarbage, IdleMemory } from "./idleMemory.ts";
import { Idleness } from "./idleness.ts";
import { ContainerLogs } from "./logs/containerLogs.ts";
import { MountFiles } from "./mounts/mountFiles.ts";
import { BlobEndpoint } from "./payloads/blobEndpoint.ts";
import { PayloadFiles } from "./payloads/payloadFiles.ts";
import { Queues } from "./queues/queues.ts";
import { Expiry } from "./retention/expiry.ts";
import { folderSize } from "./retention/folderSizes.ts";
import { type GivenLimits, retentionLimits } from "./retention/limits.ts";
import { Retention } from "./retention/retention.ts";
import { AppRuns } from "./runs/appRuns.ts";
import { systemClock } from "./scheduler/clock.ts";
import { Scheduler } from "./scheduler/scheduler.ts";
import { stopApp } from "./service/apps/stopApp.ts";
import { answerPython } from "./service/containerRequests.ts";
import { containerTask } from "./service/containerTask.ts";
import { engineService } from "./service/engineService.ts";
import type { House } from "./service/house.ts";
import { modalService } from "./service/modalService.ts";
import { serve } from "./service/server.ts";
import { openStore, payloadNames } from "./store/store.ts";
import { VolumeLinks } from "./volumes/volumeLinks.ts";
import { Volumes } from "./volumes/volumes.ts";
import { withVolumes } from "./volumes/withVolumes.ts";
import { WebService } from "./web/webService.ts";
import { ContainerRecords } from "./workers/containerRecords.ts";
import { memoryLimited } from "./workers/memoryLimit.ts";
import { type ModalSurroundings, ModalWorker } from "./workers/modal/modalWorker.ts";
import { pythonWorkers } from "./workers/pythonWorkers.ts";
import type { StartWorker } from "./workers/worker.ts";

export interface EngineOptions {
  readonly version: string;
  /** 0, or undefined for the one it had last time, takes a free one. */
  readonly port: number | undefined;
  /** Undefined keeps everything in memory. */
  readonly dataFolder: string | undefined;
  /** Holds our Python files. */
  readonly pythonScripts: string;
  /** Ends the engine after this long without a call or work; undefined never does. */
  readonly idleExitMs: number | undefined;
  /** Forks containers from one that has imported its code, where that is possible. */
  readonly fork: boolean;
  /** What deploys and runs, where whoever deploys leaves it open. */
  readonly runtime: RuntimeChoice;
  /** New limits of the data folder; those that are left out stay as they are. */
  readonly limits: GivenLimits;
  /** Tells callers to use the input plane. */
  readonly inputPlane: boolean;
  /** What is kept of the output of an input. */
  readonly outputLimitBytes: number;
  /** The most memory that a container may hold whose function names no limit; undefined is as much as there is. */
  readonly memoryLimitBytes: number | undefined;
  /** Called when the engine wants to end: idle, or told to shut down. */
  onEnd(): void;
}

export interface RunningEngine extends Announcement {
  close(): void;
}

const IDLE_CHECK_MS = 1_000;
const ANSWER_LEAVES_MS = 50;

/**
 * Starts the engine: store, scheduler, services, and the port last, so that whoever reaches it is served.
 *
 * @throws DataFolderError when the data folder cannot be used
 */
export async function startEngine(options: EngineOptions): Promise<RunningEngine> {
  const { dataFolder } = options;
  const store = openStore(dataFolder);
  const workFolder = dataFolder ?? mkdtempSync(join(tmpdir(), "spawnpoint-"));
  const payloads = new PayloadFiles(workFolder);
  const named = new Set(payloadNames(store));
  payloads.open((blobId) => named.has(blobId));
  const blobEndpoint = await BlobEndpoint.start(payloads);
  const { port: lastPort, ...credentials } = rememberedCredentials(dataFolder);
  const folders = { scripts: options.pythonScripts, data: dataFolder };
  const snapshots = new Snapshots(join(workFolder, "snapshots"));
  const variables = new VariableFiles(join(workFolder, "variables"), credentials.tokenSecret);
  const mounts = new MountFiles(join(workFolder, "mounts"));
  const volumes = new Volumes(join(workFolder, "volumes"));
  const volumeLinks = new VolumeLinks(join(workFolder, "volumeLinks.json"));
  const deployments = new Deployments(store, { snapshots, variables, mounts, volumes, volumeLinks }, folders);
  const logs = new ContainerLogs(store, options.outputLimitBytes);
  const containers = new ContainerRecords(() => systemClock.unixMs());
  const socketFolder = options.fork ? workFolder : undefined;
  const workers = await pythonWorkers(folders, payloads, socketFolder);
  const modalRuntime: ModalSurroundings = {
    ...{ folders, payloads },
    service: () => modalService(house),
    taskOf: (launch) => containerTask(house, launch),
  };
  const startWorker: StartWorker = (launch, events) =>
    launch.runtime === "modal" ? new ModalWorker(launch, events, modalRuntime) : workers.start(launch, events);
  const scheduler: Scheduler = new Scheduler(store, (functionId) => deployments.launchOf(functionId), {
    clock: systemClock,
    cores: availableParallelism(),
    startWorker: containers.recording(withVolumes(memoryLimited(startWorker, options.memoryLimitBytes), volumeLinks)),
    appChanged: ({ appId, stoppedAt, digest, python }) =>
      workers.appChanged(appId, stoppedAt === undefined ? { snapshotPath: snapshots.path(digest), python } : undefined),
    overrideOf: (functionId) => store.autoscaler.override(functionId, deployments.find(functionId).app.version),
    removeFiles: (blobIds) => payloads.remove(blobIds),
    log: (launch, log) => logs.record(launch, log),
    request: ({ app }, request) => answerPython(house, app.id, request),
  });
  const retention = new Retention(
    {
      ...{ store, payloads, scheduler, deployments },
      clock: systemClock,
      payloadBytes: () => folderSize(join(workFolder, "payloads")),
    },
    retentionLimits(store.settings, options.limits),
  );
  const dicts = new Dicts({ store, payloads, clock: systemClock });
  const queues = new Queues({ store, payloads, clock: systemClock });
  const expiry = new Expiry({ ...{ store, payloads, dicts, queues }, clock: systemClock });
  const idleMemory = new IdleMemory({
    clock: systemClock,
    isBusy: () => scheduler.unfinishedInputs > 0,
    changes: () => store.database.changes,
    collect: collectGarbage,
  });
  const packages = new ModalPackages(folders);
  const clients = new OwnClients();
  const idleness = new Idleness(systemClock);
  const web = new WebService({ store, scheduler, payloads, onRequest: () => idleness.used() });
  const stop = (appId: string): Promise<void> => stopApp(house, appId);
  const runs = new AppRuns({ store, containers, clock: systemClock, stop });
  let url = ""; // Known when there is a port.
  const house: House = {
    store,
    scheduler,
    deployments,
    snapshots,
    variables,
    mounts,
    volumes,
    pythonFolders: folders,
    payloads,
    blobEndpoint,
    logs,
    containers,
    web,
    runs,
    retention,
    dicts,
    queues,
    expiry,
    folder: workFolder,
    credentials,
    runtimes: new Runtimes(options.runtime, (python) => packages.of(python)),
    clients,
    url: () => url,
    inputPlaneUrl: () => (options.inputPlane ? url : undefined),
  };

  await web.open();
  const identity = {
    version: options.version,
    startedAt: Date.now() / 1_000,
    dataFolder: dataFolder ?? "",
    idleness,
    shutDown: () => setTimeout(options.onEnd, ANSWER_LEAVES_MS),
  };
  const server = await serve(
    { modal: modalService(house), engine: engineService(house, identity) },
    (tokenId) => clients.of(tokenId) ?? credentials,
    options.port ?? lastPort,
    {
      portIsPreferred: options.port === undefined,
      ...(dataFolder !== undefined && { socketPath: join(dataFolder, "engine.sock") }),
      onCall: () => idleness.used(),
    },
  );
  url = `http://127.0.0.1:${server.port}`;
  scheduler.recover();
  await web.recover();
  runs.recover();
  retention.start();
  expiry.start();
  idleMemory.start();
  const announcement: Announcement = {
    url,
    ...(server.socketPath !== undefined && { socketPath: server.socketPath }),
    ...credentials,
    pid: process.pid,
    data: dataFolder ?? null,
  };
  if (dataFolder !== undefined) announce(dataFolder, announcement, server.port);

  const { idleExitMs } = options;
  const idleCheck = setInterval(() => {
    const isIdle = idleness.lasts(idleExitMs ?? Number.POSITIVE_INFINITY);
    if (isIdle && scheduler.unfinishedInputs === 0) options.onEnd();
  }, IDLE_CHECK_MS);

  return {
    ...announcement,
    close() {
      clearInterval(idleCheck);
      retention.close();
      expiry.close();
      idleMemory.close();
      server.close();
      blobEndpoint.close();
      web.close();
      runs.close();
      scheduler.close();
      workers.close();
      volumeLinks.close();
      if (dataFolder === undefined) rmSync(workFolder, { recursive: true, force: true });
      else withdraw(dataFolder);
      store.database.close();
    },
  };
}
