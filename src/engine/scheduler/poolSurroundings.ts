import type { Payload } from "../payloads/payload.ts";
import type { AppRecord } from "../store/appStore.ts";
import type {
  StartWorker,
  WorkerEvents,
  WorkerItem,
  WorkerLaunch,
  WorkerLog,
  WorkerRequest,
} from "../workers/worker.ts";
import type { Clock } from "./clock.ts";
import type { Outcome } from "./outcome.ts";
import type { AutoscalerOverride } from "./scaling.ts";
import type { ScheduledInput } from "./scheduledInput.ts";

/** What a pool needs of the house. */
export interface PoolSurroundings {
  readonly clock: Clock;
  readonly cores: number;
  readonly startWorker: StartWorker;
  /** Another version of an app starts containers from now on, or it was stopped. */
  appChanged(app: AppRecord): void;
  /** What was changed of a function's settings since its deployment. */
  overrideOf(functionId: string): AutoscalerOverride;
  /** Reads arguments that are not kept in memory. */
  argsOf(input: ScheduledInput): Payload;
  /** An input has its final output. */
  finish(input: ScheduledInput, outcome: Outcome): void;
  /** A generator's input yielded something. */
  yielded(input: ScheduledInput, item: WorkerItem): void;
  /** Takes back what an input yielded before it runs again. False when that cannot be: somebody has read it. */
  startOver(input: ScheduledInput): boolean;
  /** Removes the files of payloads that no row names any more. */
  removeFiles(blobIds: readonly string[]): void;
  log(launch: WorkerLaunch, log: WorkerLog): void;
  request(launch: WorkerLaunch, request: WorkerRequest): ReturnType<WorkerEvents["request"]>;
}
