import type { FunctionOptions, RetriesDefinition } from "../deploy/definition.ts";

/** How many containers a function may have and for how long; all set. */
export interface ScalingSettings {
  readonly minContainers: number;
  readonly maxContainers: number;
  readonly bufferContainers: number;
  readonly scaledownWindowMs: number;
  readonly timeoutMs: number;
}

/** Settings of a function that were changed since its deployment; they stand above those of its definition. */
export type AutoscalerOverride = Pick<
  FunctionOptions,
  "min_containers" | "max_containers" | "buffer_containers" | "scaledown_window_s"
>;

/** Modal's defaults for what a function leaves out (timeout and scale-down window of its documentation); its containers
 * come from a cloud, ours from `cores`. */
export function scalingSettings(options: FunctionOptions, cores: number): ScalingSettings {
  const minContainers = options.min_containers ?? 0;
  return {
    minContainers,
    maxContainers: options.max_containers ?? Math.max(cores, minContainers),
    bufferContainers: options.buffer_containers ?? 0,
    scaledownWindowMs: (options.scaledown_window_s ?? 60) * 1_000,
    timeoutMs: (options.timeout_s ?? 300) * 1_000,
  };
}

/** What the decision about the number of containers looks at. */
export interface Load {
  /** Inputs without a container. */
  readonly backlog: number;
  /** Inputs in containers. */
  readonly sent: number;
  /** Containers that are there or starting. */
  readonly containers: number;
  /** Containers that wait for a call that they made themselves. They do not count against the maximum: the call that they
   * wait for may need a container of the same function. */
  readonly blocked: number;
  /** Containers that are busy with a long input, so that the mean run time says nothing about when they are free. */
  readonly stuck: number;
  /** Mean run time of an input in milliseconds; undefined before the first one ended. */
  readonly meanMs: number | undefined;
}

/** A new container costs about this long, so work that the present ones finish sooner does not start one. */
const START_COST_MS = 80;

/** Containers that should exist for this load. */
export function desiredContainers(settings: ScalingSettings, load: Load): number {
  const ceiling = settings.maxContainers + load.blocked;
  const busy = Math.min(load.backlog + load.sent, ceiling);
  const prompt = load.containers - load.blocked - load.stuck;
  const soonDone = prompt > 0 && load.meanMs !== undefined && (load.backlog * load.meanMs) / prompt < START_COST_MS;
  const wanted = soonDone ? Math.min(load.containers, busy) : busy;
  const buffer = load.backlog + load.sent > 0 ? settings.bufferContainers : 0;
  return Math.max(settings.minContainers, Math.min(wanted + buffer, ceiling));
}

/** Inputs are sent ahead until the container has about this much work, so that tiny ones are not bound by round trips. */
const AHEAD_MS = 20;
const MAX_AHEAD = 64;

/** How many inputs a container may hold: one while run times are unknown or long, many when they are tiny. */
export function inputsPerContainer(meanMs: number | undefined): number {
  if (meanMs === undefined) return 1;
  return Math.max(1, Math.min(MAX_AHEAD, Math.round(AHEAD_MS / Math.max(meanMs, 0.001))));
}

/** The wait before retry number `retry` (from 1), or undefined when the policy has no more. */
export function retryDelayMs(policy: RetriesDefinition | null | undefined, retry: number): number | undefined {
  if (!policy || retry > policy.max_retries) return undefined;
  const delayS = policy.initial_delay_s * policy.backoff_coefficient ** (retry - 1);
  return Math.min(delayS, policy.max_delay_s) * 1_000;
}
