import type { ModalClient } from "../../proto/gen/modal_pb.js";
import type { RpcHandlers } from "../../proto/grpc/rpcServer.ts";
import type { Credentials } from "../announcement.ts";
import type { Deployments } from "../deploy/deployments.ts";
import type { OwnClients } from "../deploy/ownClients.ts";
import type { Runtimes } from "../deploy/runtimes.ts";
import type { Snapshots } from "../deploy/snapshots.ts";
import type { VariableFiles } from "../deploy/variables.ts";
import type { Dicts } from "../dicts/dicts.ts";
import type { ContainerLogs } from "../logs/containerLogs.ts";
import type { MountFiles } from "../mounts/mountFiles.ts";
import type { BlobEndpoint } from "../payloads/blobEndpoint.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { Queues } from "../queues/queues.ts";
import type { Expiry } from "../retention/expiry.ts";
import type { Retention } from "../retention/retention.ts";
import type { AppRuns } from "../runs/appRuns.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { Store } from "../store/store.ts";
import type { VolumeLinks } from "../volumes/volumeLinks.ts";
import type { Volumes } from "../volumes/volumes.ts";
import type { WebService } from "../web/webService.ts";
import type { ContainerRecords } from "../workers/containerRecords.ts";
import type { PythonFolders } from "../workers/pythonEnvironment.ts";

/** What the handlers work with. */
export interface House {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly deployments: Deployments;
  readonly snapshots: Snapshots;
  readonly variables: VariableFiles;
  readonly mounts: MountFiles;
  readonly volumes: Volumes;
  readonly volumeLinks: VolumeLinks;
  readonly pythonFolders: PythonFolders;
  readonly payloads: PayloadFiles;
  readonly blobEndpoint: BlobEndpoint;
  readonly logs: ContainerLogs;
  readonly containers: ContainerRecords;
  readonly web: WebService;
  readonly runs: AppRuns;
  readonly retention: Retention;
  readonly dicts: Dicts;
  readonly queues: Queues;
  readonly expiry: Expiry;
  /** The data folder, or what stands in for it while nothing is kept. */
  readonly folder: string;
  readonly credentials: Credentials;
  readonly runtimes: Runtimes;
  /** The clients of Modal's that deploy or run files for the engine's own callers. */
  readonly clients: OwnClients;
  /** Where the engine is reached. */
  url(): string;
  /** Where callers find the input plane; undefined when they are to do without it. */
  inputPlaneUrl(): string | undefined;
}

/** Some of the handlers of Modal's service: each file of this room has those of one Modal object. */
export type ModalHandlers<Names extends keyof RpcHandlers<typeof ModalClient>> = Required<
  Pick<RpcHandlers<typeof ModalClient>, Names>
>;

/** The environment that an empty name stands for. */
const DEFAULT_ENVIRONMENT = "main";

export function environmentNamed(name: string): string {
  return name || DEFAULT_ENVIRONMENT;
}
