import { readFile } from "node:fs/promises";
import type { Engine } from "../../proto/gen/engine_pb.js";
import type { RpcHandlers } from "../../proto/grpc/rpcServer.ts";
import { exportFolder } from "../archive/exportFolder.ts";
import { calledBy } from "../deploy/classes.ts";
import type { FileDescription } from "../deploy/definition.ts";
import type { Idleness } from "../idleness.ts";
import { folderSizes } from "../retention/folderSizes.ts";
import type { Forgotten, Retention } from "../retention/retention.ts";
import { theApp } from "./apps/apps.ts";
import { deployedApp, place } from "./apps/deployedApp.ts";
import { DEFAULT_PYTHON, deployFile, deployFileByModal } from "./apps/deployFile.ts";
import { runHandlers } from "./apps/runs.ts";
import { environmentNamed, type House } from "./house.ts";

/** What the engine says of itself. */
export interface EngineIdentity {
  readonly version: string;
  /** Unix seconds. */
  readonly startedAt: number;
  readonly dataFolder: string;
  readonly idleness: Idleness;
  /** Ends the process, after the answer to the request has left. */
  shutDown(): void;
}

/** The engine's own service: deploying from source and looking after the engine. */
export function engineService(house: House, identity: EngineIdentity): RpcHandlers<typeof Engine> {
  const { store, scheduler } = house;
  const { idleness } = identity;
  return {
    ...runHandlers(house, idleness),

    getStatus: () => ({
      version: identity.version,
      pid: process.pid,
      startedAt: identity.startedAt,
      dataFolder: identity.dataFolder,
      apps: store.apps.list().filter(({ stoppedAt }) => stoppedAt === undefined).length,
      functionCalls: store.calls.counts().calls,
      unfinishedInputs: scheduler.unfinishedInputs,
      containers: scheduler.containers().length,
    }),

    deploy: async ({ path, python, environmentName, runtime }, { signal }) => {
      const file = { path, python: python || DEFAULT_PYTHON, environment: environmentNamed(environmentName) };
      const found = await house.runtimes.of(file.python, runtime);
      const deploy = () =>
        found ? deployFileByModal(house, { ...file, package: found }, signal) : deployFile(house, file);
      const { versions, output } = await idleness.during(deploy);
      return { apps: versions.map((version) => deployedApp(house, version)), output };
    },

    getApp: ({ appId }) => deployedApp(house, { app: theApp(house, appId), unchanged: true }),

    getFunctionSource: ({ functionId, methodName }) => functionSource(house, functionId, methodName),

    clean: async ({ olderThanSeconds, dryRun, beyondLimits }) => {
      const { functionCalls, bytes } = await idleness.during(() =>
        cleaned(house.retention, olderThanSeconds * 1_000, dryRun, beyondLimits),
      );
      return { functionCalls, bytes: BigInt(bytes) };
    },

    getStorage: () => storage(house),

    export: async ({ path }) => {
      const { functionCalls, bytes } = await idleness.during(() =>
        house.payloads.holding(() => exportFolder(store.database, house.folder, path)),
      );
      return { functionCalls, bytes: BigInt(bytes) };
    },

    shutDown: () => {
      identity.shutDown();
      return {};
    },
  };
}

/** Where a function or method is defined, and its text as it was deployed. */
async function functionSource({ deployments, snapshots }: House, functionId: string, methodName: string) {
  const { app, definition } = deployments.find(functionId);
  const callable = methodName ? calledBy(definition, methodName) : definition;
  const snapshot = JSON.parse(await readFile(snapshots.path(app.digest), "utf8")) as FileDescription;
  const source = snapshot.sources.find(({ path }) => path === callable.path)?.source ?? "";
  const lines = source.split("\n").slice(callable.line - 1, callable.end_line);
  return { ...place(callable), text: lines.join("\n"), python: app.python };
}

/** Bytes that the parts of the data folder take, and its limits. */
async function storage({ retention, folder }: House) {
  const { limits } = retention;
  const sizes = await folderSizes(folder);
  return {
    database: BigInt(sizes.database),
    payloads: BigInt(sizes.payloads),
    uploads: BigInt(sizes.uploads),
    snapshots: BigInt(sizes.snapshots),
    engineLog: BigInt(sizes.engineLog),
    maxAgeSeconds: limits.maxAgeMs / 1_000,
    maxBytes: BigInt(limits.maxBytes),
  };
}

function cleaned(retention: Retention, ageMs: number, dryRun: boolean, beyondLimits: boolean): Promise<Forgotten> {
  if (beyondLimits) return dryRun ? retention.countBeyondLimits() : retention.applyLimits();
  return dryRun ? retention.countOlder(ageMs) : retention.forgetOlder(ageMs);
}
