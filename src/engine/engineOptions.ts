import type { RuntimeChoice } from "../proto/gen/engine_pb.js";
import type { GivenLimits } from "./retention/limits.ts";

/** What an engine is started with. */
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
