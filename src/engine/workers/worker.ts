import type { AppDefinition, FunctionDefinition, InstanceArguments } from "../deploy/definition.ts";
import type { Variables } from "../deploy/variables.ts";
import type { InputKey } from "../ids.ts";
import type { Payload } from "../payloads/payload.ts";
import type { VolumeMount } from "../volumes/volumeMount.ts";

/** What a container process is started for. */
export interface WorkerLaunch {
  readonly taskId: string;
  readonly functionId: string;
  readonly app: { readonly id: string; readonly name: string };
  readonly definition: FunctionDefinition;
  /** What runs it, as {@link AppDefinition} says. */
  readonly runtime?: AppDefinition["runtime"];
  /** For a function that is an instance of a class. */
  readonly instance?: InstanceArguments | undefined;
  /** What user code finds in its environment besides the engine's own, also while it is imported. Undefined: values that are not here. */
  readonly variables?: Variables | undefined;
  /** Folders that it is to find at paths of its own; left out: none. */
  readonly volumes?: readonly VolumeMount[];
  /** Interpreter that runs it. */
  readonly python: string;
  /** The version's snapshot.json. */
  readonly snapshotPath: string;
  /** Folder that user code runs in. */
  readonly workingFolder: string;
  /** The most memory that it may hold, with all that it starts. Undefined: as much as there is. */
  readonly memoryLimitBytes?: number | undefined;
}

export interface WorkerInput {
  readonly key: InputKey;
  readonly functionCallId: string;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
  /** Times that it was tried before by its function's policy. */
  readonly retryCount: number;
  readonly args: Payload;
}

export interface WorkerOutput {
  readonly input: InputKey;
  /** `GenericStatus` number. */
  readonly status: number;
  readonly dataFormat: number;
  /** Unix seconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly exception: string;
  readonly traceback: string;
  readonly data: Payload;
}

/** A value that a generator yielded. */
export interface WorkerItem {
  readonly input: InputKey;
  readonly dataFormat: number;
  readonly data: Payload;
}

export interface WorkerLog {
  readonly input: InputKey | undefined;
  readonly fileDescriptor: number;
  readonly at: number;
  readonly text: string;
}

/** A call that user code makes from inside a container, or asks about. */
export interface WorkerRequest {
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly payload: Uint8Array;
  /** Aborted when the container is gone, or its code waits no longer. */
  readonly signal: AbortSignal;
}

export interface WorkerReply {
  readonly value: Readonly<Record<string, unknown>>;
  readonly payload?: Uint8Array;
}

/** What a worker tells, in any order; `exited` comes once and last. */
export interface WorkerEvents {
  /** User code is imported; inputs may be sent. */
  ready(): void;
  /** User code could not be imported. */
  failed(failure: { readonly exception: string; readonly traceback: string }): void;
  /** Before the output of its input, in order. */
  item(item: WorkerItem): void;
  output(output: WorkerOutput): void;
  log(log: WorkerLog): void;
  request(request: WorkerRequest): Promise<WorkerReply>;
  /** User code waits for a call of its own, until the function that is returned is called. A request that waits says so by itself. */
  waits(): () => void;
  /**
   * @param reason how the process ended, as the end of a sentence: "was killed by SIGKILL"
   * @param outOfMemory it was ended at its limit of memory
   */
  exited(reason: string, outOfMemory?: boolean): void;
}

/** A container's process, of whatever kind. Inputs begin in the order in which they were sent, as many at a time as its slots. */
export interface Worker {
  /** Of a function that takes batches, the inputs are one batch. */
  send(inputs: readonly WorkerInput[]): void;
  /** Asks for those of these inputs back that have not begun; each of them is answered by an output TERMINATED. */
  recall(inputs: readonly InputKey[]): void;
  /** Asks to stop these inputs; each is answered by an output, TERMINATED unless it was too late. */
  cancel(inputs: readonly InputKey[]): void;
  /** Lets running inputs finish, then ends. */
  stop(): void;
  /** Ends the process and what it started, at once. */
  kill(): void;
}

export type StartWorker = (launch: WorkerLaunch, events: WorkerEvents) => Worker;

/** What containers of a version have in common; a function keeps its id across versions. */
export type VersionLaunch = Pick<WorkerLaunch, "snapshotPath" | "python">;
