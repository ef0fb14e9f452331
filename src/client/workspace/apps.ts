import {
  type AppDeploymentHistory,
  type AppLifecycle as AppLifecycleMessage,
  AppState,
  AppStopSource,
  type ClassHandleMetadata,
  type FunctionHandleMetadata,
} from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { NewerMethod } from "../connection/newerMethod.ts";
import { InvalidError, NotFoundError } from "../errors.ts";
import { isGenerator } from "../functions/functionHandle.ts";

/** The name of an app's state on the wire. */
export type AppStateName =
  | "UNSPECIFIED"
  | "EPHEMERAL"
  | "DETACHED"
  | "DEPLOYED"
  | "STOPPING"
  | "STOPPED"
  | "INITIALIZING"
  | "DISABLED"
  | "DETACHED_DISCONNECTED"
  | "DERIVED";

/** An app in a list. Times in unix milliseconds. */
export interface AppInfo {
  readonly appId: string;
  readonly name: string;
  readonly state: AppStateName;
  readonly createdAt: number;
  /** 0 while the app is not stopped. */
  readonly stoppedAt: number;
  readonly numRunningContainers: number;
}

/** How an app stands, and who brought it there. Times in unix milliseconds, 0 for what has not happened. */
export interface AppLifecycle {
  readonly appId: string;
  /** Empty when the server does not tell. */
  readonly name: string;
  readonly environmentName: string;
  readonly state: AppStateName;
  /** Counts the deployments from 1. */
  readonly version: number;
  readonly createdAt: number;
  readonly deployedAt: number;
  readonly deployedBy: string;
  readonly stoppedAt: number;
}

/** A function of an app's current version, or a method of a class. */
export interface AppFunction {
  readonly name: string;
  /** Of a method: that of the function that runs all methods of its class. */
  readonly functionId: string;
  /** Whether a call yields many values. */
  readonly isGenerator: boolean;
  /** Where it is reached by HTTP; undefined when it has no web endpoint. */
  readonly webUrl: string | undefined;
  /**
   * As it stands on the wire.
   *
   * @internal
   */
  readonly metadata: FunctionHandleMetadata;
}

/** A class of an app's current version. */
export interface AppClass {
  readonly name: string;
  readonly classId: string;
  /** In the order in which the server names them. */
  readonly methodNames: readonly string[];
}

/** One deployment of an app. */
export interface AppDeployment {
  readonly version: number;
  /** Unix milliseconds. */
  readonly deployedAt: number;
  readonly deployedBy: string;
  readonly tag: string;
  /** Whether calls by name go to this version now. */
  readonly isCurrent: boolean;
  /** The version that this one put back; undefined unless it is a rollback. */
  readonly rollbackOf: number | undefined;
  /** Whether the server would put it back. */
  readonly rollbackAllowed: boolean;
}

/** Apps of the client's environment: `modal.apps`. */
export class AppService {
  readonly #rpc: ModalRpc;
  readonly #environmentName: string;
  readonly #getInfo = new NewerMethod();

  /** @internal */
  constructor(rpc: ModalRpc, environmentName: string) {
    this.#rpc = rpc;
    this.#environmentName = environmentName;
  }

  /** The apps that are deployed or were stopped not long ago, as the server keeps them. */
  async list(): Promise<AppInfo[]> {
    const { apps } = await this.#rpc.appList({ environmentName: this.#environmentName });
    return apps.map((app) => ({
      appId: app.appId,
      name: app.name || app.description,
      state: stateName(app.state),
      createdAt: app.createdAt * 1_000,
      stoppedAt: app.stoppedAt * 1_000,
      numRunningContainers: app.nRunningTasks,
    }));
  }

  /**
   * An app by its name or its id. A name is that of the app deployed under it now, else of the one that was stopped last.
   *
   * @param nameOrId a name, or `ap-…`
   * @throws NotFoundError when there is no such app
   */
  async lookup(nameOrId: string): Promise<AppLifecycle> {
    if (APP_ID.test(nameOrId)) return this.info(nameOrId);
    const { appId, previousAppId, environmentName, lifecycle } = await this.#rpc.appGetByDeploymentName({
      name: nameOrId,
      environmentName: this.#environmentName,
    });
    const found = appId || previousAppId;
    if (!found) throw new NotFoundError(`There is no app "${nameOrId}"; check the name, or deploy it.`);
    return appLifecycle(found, nameOrId, environmentName || this.#environmentName, lifecycle);
  }

  /**
   * How an app stands, by its id: with its name where the server has `AppGetInfo`.
   *
   * @throws NotFoundError when there is no such app
   */
  info(appId: string): Promise<AppLifecycle> {
    return this.#getInfo.orElse(
      async () => {
        const { info } = await this.#rpc.appGetInfo({ appId });
        return appLifecycle(appId, info?.description ?? "", info?.environmentName ?? "", info?.lifecycle);
      },
      async () => appLifecycle(appId, "", "", (await this.#rpc.appGetLifecycle({ appId })).lifecycle),
    );
  }

  /** What can be called of an app's current version, by name: functions, and methods as `Class.method`. */
  async layout(appId: string): Promise<AppFunction[]> {
    const { functionIds, metadataOf } = await this.#layout(appId);
    return Object.entries(functionIds).flatMap(([name, functionId]) => {
      const object = metadataOf(functionId);
      if (object?.case !== "functionHandleMetadata") return [];
      return callables(name, object.value).map((callable) => ({ ...callable, functionId }));
    });
  }

  /** The classes of an app's current version, by name. */
  async classes(appId: string): Promise<AppClass[]> {
    const { classIds, metadataOf } = await this.#layout(appId);
    return Object.entries(classIds).map(([name, classId]) => {
      const object = metadataOf(classId);
      return { name, classId, methodNames: object?.case === "classHandleMetadata" ? methodNames(object.value) : [] };
    });
  }

  /** Stops an app: its containers end, its unfinished inputs are cancelled, and its name is free. */
  async stop(appId: string): Promise<void> {
    await this.#rpc.appStop({ appId, source: AppStopSource.PYTHON_CLIENT });
  }

  /** The deployments of an app, newest first. */
  async history(appId: string): Promise<AppDeployment[]> {
    const { appDeploymentHistories, productionAppVersion } = await this.#rpc.appDeploymentHistory({ appId });
    const deployments = appDeploymentHistories.map((row) => appDeployment(row, productionAppVersion));
    return deployments.sort((a, b) => b.version - a.version);
  }

  /**
   * Puts an old version of a deployed app back, as a new version.
   *
   * @param options `version`: which one; a negative one counts back from the current version. Default: -1, the one before
   * @throws InvalidError for version 0
   * @throws NotFoundError when the app has no such version
   * @throws ConflictError when the app is not deployed, or the server no longer has that version
   */
  async rollback(appId: string, { version = -1 }: { readonly version?: number } = {}): Promise<void> {
    if (version === 0 || !Number.isInteger(version)) {
      throw new InvalidError(
        `${version} is not a version; versions count from 1, and -1 is the one before the current.`,
      );
    }
    await this.#rpc.appRollback({ appId, version });
  }

  async #layout(appId: string) {
    const { appLayout } = await this.#rpc.appGetLayout({ appId });
    const objects = new Map(appLayout?.objects.map((object) => [object.objectId, object.handleMetadataOneof]));
    return {
      functionIds: appLayout?.functionIds ?? {},
      classIds: appLayout?.classIds ?? {},
      metadataOf: (objectId: string) => objects.get(objectId),
    };
  }
}

/** What Modal's command line takes for an id; anything else is a name (`modal/cli/app.py` of the Python SDK). */
const APP_ID = /^ap-[a-zA-Z0-9]{22}$/;

function appLifecycle(
  appId: string,
  name: string,
  environmentName: string,
  lifecycle: AppLifecycleMessage | undefined,
): AppLifecycle {
  return {
    appId,
    name,
    environmentName,
    state: stateName(lifecycle?.appState),
    version: lifecycle?.version ?? 0,
    createdAt: (lifecycle?.createdAt ?? 0) * 1_000,
    deployedAt: (lifecycle?.deployedAt ?? 0) * 1_000,
    deployedBy: lifecycle?.deployedBy ?? "",
    stoppedAt: (lifecycle?.stoppedAt ?? 0) * 1_000,
  };
}

function appDeployment(row: AppDeploymentHistory, currentVersion: number): AppDeployment {
  return {
    version: row.version,
    deployedAt: row.deployedAt * 1_000,
    deployedBy: row.deployedBy,
    tag: row.tag,
    isCurrent: row.version === currentVersion,
    rollbackOf: row.rollbackVersion || undefined,
    rollbackAllowed: row.rollbackAllowed,
  };
}

/** The function of a class, `Class.*`, is there for its methods. */
function callables(name: string, metadata: FunctionHandleMetadata): Omit<AppFunction, "functionId">[] {
  const methods = Object.entries(metadata.methodHandleMetadata);
  if (!name.endsWith(".*"))
    return [{ name, isGenerator: isGenerator(metadata), webUrl: metadata.webUrl || undefined, metadata }];
  return methods.map(([method, its]) => ({
    name: `${name.slice(0, -1)}${method}`,
    isGenerator: isGenerator(its),
    webUrl: its.webUrl || undefined,
    metadata: its,
  }));
}

/** Newer servers describe the methods with the function that runs them all, older ones by themselves. */
function methodNames({ methods, classFunctionMetadata }: ClassHandleMetadata): string[] {
  const names = Object.keys(classFunctionMetadata?.methodHandleMetadata ?? {});
  return names.length > 0 ? names : methods.map(({ functionName }) => functionName);
}

function stateName(state: AppState | undefined): AppStateName {
  return (AppState[state ?? AppState.UNSPECIFIED] ?? "UNSPECIFIED") as AppStateName;
}
