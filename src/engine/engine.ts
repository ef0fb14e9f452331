import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Announcement, announce, rememberedCredentials, withdraw } from "./announcement.ts";
import type { EngineOptions } from "./engineOptions.ts";
import { collectGarbage, IdleMemory } from "./idleMemory.ts";
import { Idleness } from "./idleness.ts";
import { openHouse } from "./openHouse.ts";
import { systemClock } from "./scheduler/clock.ts";
import { engineService } from "./service/engineService.ts";
import type { House } from "./service/house.ts";
import { modalService } from "./service/modalService.ts";
import { serve } from "./service/server.ts";

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
  const { port: lastPort, ...credentials } = rememberedCredentials(dataFolder);
  const idleness = new Idleness(systemClock);
  let url = ""; // Known when there is a port.
  const { house, workers } = await openHouse(options, {
    credentials,
    url: () => url,
    onWebRequest: () => idleness.used(),
  });
  await house.web.open();
  const server = await serveHouse(house, options, lastPort, idleness);
  url = `http://127.0.0.1:${server.port}`;
  await takeUp(house);
  const stopIdling = whenIdle(house, idleness, options);
  const announcement: Announcement = {
    url,
    ...(server.socketPath !== undefined && { socketPath: server.socketPath }),
    ...credentials,
    pid: process.pid,
    data: dataFolder ?? null,
  };
  if (dataFolder !== undefined) announce(dataFolder, announcement, server.port);
  return {
    ...announcement,
    close() {
      stopIdling();
      house.retention.close();
      house.expiry.close();
      server.close();
      house.blobEndpoint.close();
      house.web.close();
      house.runs.close();
      house.scheduler.close();
      workers.close();
      house.volumeLinks.close();
      if (dataFolder === undefined) rmSync(house.folder, { recursive: true, force: true });
      else withdraw(dataFolder);
      house.store.database.close();
    },
  };
}

function serveHouse(
  house: House,
  { version, dataFolder, port, onEnd }: EngineOptions,
  lastPort: number,
  idleness: Idleness,
) {
  const identity = {
    version,
    startedAt: Date.now() / 1_000,
    dataFolder: dataFolder ?? "",
    idleness,
    shutDown: () => setTimeout(onEnd, ANSWER_LEAVES_MS),
  };
  return serve(
    { modal: modalService(house), engine: engineService(house, identity) },
    (tokenId) => house.clients.of(tokenId) ?? house.credentials,
    port ?? lastPort,
    {
      portIsPreferred: port === undefined,
      ...(dataFolder !== undefined && { socketPath: join(dataFolder, "engine.sock") }),
      onCall: () => idleness.used(),
    },
  );
}

/** Goes on with what the last engine left, and with what is done from time to time. */
async function takeUp({ scheduler, web, runs, retention, expiry }: House): Promise<void> {
  scheduler.recover();
  await web.recover();
  runs.recover();
  retention.start();
  expiry.start();
}

/** Gives memory back while nothing is to be done, and ends the engine when that lasts. Returns what ends both. */
function whenIdle({ scheduler, store }: House, idleness: Idleness, { idleExitMs, onEnd }: EngineOptions): () => void {
  const idleMemory = new IdleMemory({
    clock: systemClock,
    isBusy: () => scheduler.unfinishedInputs > 0,
    changes: () => store.database.changes,
    collect: collectGarbage,
  });
  idleMemory.start();
  const idleCheck = setInterval(() => {
    const isIdle = idleness.lasts(idleExitMs ?? Number.POSITIVE_INFINITY);
    if (isIdle && scheduler.unfinishedInputs === 0) onEnd();
  }, IDLE_CHECK_MS);
  return () => {
    clearInterval(idleCheck);
    idleMemory.close();
  };
}
