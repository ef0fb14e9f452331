import { AppState, AppStopSource, type FunctionHandleMetadata } from "../proto/gen/modal_pb.js";
import type { ModalRpc } from "./connection.ts";
import { NotFoundError } from "./errors.ts";
import { isGenerator } from "./functionHandle.ts";
import { type LogEntry, type LogOptions, streamLogs } from "./logs.ts";

/** The name of an app's state on the wire. */
export type AppStateName = keyof typeof AppState;

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

/** The app that holds a name now. */
export interface DeployedApp {
  readonly appId: string;
  readonly state: AppStateName;
  /** Counts the deployments from 1. */
  readonly version: number;
  /** Unix milliseconds. */
  readonly deployedAt: number;
}

/** A function of an app's current version. */
export interface AppFunction {
  readonly name: string;
  readonly functionId: string;
  /** Whether a call yields many values. */
  readonly isGenerator: boolean;
  /**
   * As it stands on the wire.
   *
   * @internal
   */
  readonly metadata: FunctionHandleMetadata;
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
}

/** Apps of the client's environment: `modal.apps`. */
export class AppService {
  readonly #rpc: ModalRpc;
  readonly #environmentName: string;

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
   * The deployed app of a name.
   *
   * @throws NotFoundError when nothing is deployed under that name
   */
  async lookup(name: string): Promise<DeployedApp> {
    const { appId, lifecycle } = await this.#rpc.appGetByDeploymentName({
      name,
      environmentName: this.#environmentName,
    });
    if (!appId) throw new NotFoundError(`There is no app "${name}"; check the name, or deploy it.`);
    return {
      appId,
      state: stateName(lifecycle?.appState),
      version: lifecycle?.version ?? 0,
      deployedAt: (lifecycle?.deployedAt ?? 0) * 1_000,
    };
  }

  /** The functions of an app's current version, by name. */
  async layout(appId: string): Promise<AppFunction[]> {
    const { appLayout } = await this.#rpc.appGetLayout({ appId });
    const objects = new Map(appLayout?.objects.map((object) => [object.objectId, object.handleMetadataOneof]));
    return Object.entries(appLayout?.functionIds ?? {}).flatMap(([name, functionId]) => {
      const object = objects.get(functionId);
      if (object?.case !== "functionHandleMetadata") return [];
      return [{ name, functionId, isGenerator: isGenerator(object.value), metadata: object.value }];
    });
  }

  /** Stops an app: its containers end, its unfinished inputs are cancelled, and its name is free. */
  async stop(appId: string): Promise<void> {
    await this.#rpc.appStop({ appId, source: AppStopSource.PYTHON_CLIENT });
  }

  /** The deployments of an app, newest first. */
  async history(appId: string): Promise<AppDeployment[]> {
    const response = await this.#rpc.appDeploymentHistory({ appId });
    const deployments = response.appDeploymentHistories.map((deployment) => ({
      version: deployment.version,
      deployedAt: deployment.deployedAt * 1_000,
      deployedBy: deployment.deployedBy,
      tag: deployment.tag,
      isCurrent: deployment.version === response.productionAppVersion,
    }));
    return deployments.sort((a, b) => b.version - a.version);
  }

  /** What an app's functions print, oldest first; see {@link LogOptions}. */
  logs(options: LogOptions): AsyncIterable<LogEntry> {
    return streamLogs(this.#rpc, options);
  }
}

function stateName(state: AppState | undefined): AppStateName {
  return (AppState[state ?? AppState.UNSPECIFIED] ?? "UNSPECIFIED") as AppStateName;
}
