import type { FunctionOptions, RetriesDefinition } from "../deploy/definition.ts";

/** How inputs become batches. */
export interface Batching {
  readonly maxSize: number;
  /** How long a batch waits for more, from its first input. */
  readonly waitMs: number;
}

/** How many containers a function may have, for how long, and what they run at a time; all set. */
export interface ScalingSettings {
  readonly minContainers: number;
  readonly maxContainers: number;
  readonly bufferContainers: number;
  readonly scaledownWindowMs: number;
  readonly timeoutMs: number;
  /** From the start of a container until it is ready for inputs. */
  readonly startupTimeoutMs: number;
  /** Batches that a container runs at a time; without batching, inputs. */
  readonly slots: number;
  /** Slots in use that the number of containers is planned for. Where there are no more containers, all are used. */
  readonly targetSlots: number;
  /** Undefined for a function that takes its inputs one by one. */
  readonly batching: Batching | undefined;
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
  const slots = Math.max(1, options.max_concurrent_inputs ?? 1);
  const timeoutS = options.timeout_s ?? 300;
  return {
    minContainers,
    maxContainers: options.max_containers ?? Math.max(cores, minContainers),
    bufferContainers: options.buffer_containers ?? 0,
    scaledownWindowMs: (options.scaledown_window_s ?? 60) * 1_000,
    timeoutMs: timeoutS * 1_000,
    startupTimeoutMs: (options.startup_timeout_s ?? timeoutS) * 1_000,
    slots,
    targetSlots: Math.max(1, Math.min(options.target_concurrent_inputs ?? slots, slots)),
    batching: options.batch_max_size
      ? { maxSize: options.batch_max_size, waitMs: options.batch_wait_ms ?? 0 }
      : undefined,
  };
}

/** Inputs that run in a container at most. */
export function inputsAtOnce({ slots, batching }: ScalingSettings): number {
  return slots * (batching?.maxSize ?? 1);
}

/** What the decision about the number of containers looks at. */
export interface Load {
  /** Inputs without a container. */
  readonly backlog: number;
  /** Batches in containers, apart from blocked ones; without batching, inputs. */
  readonly sent: number;
  /** Those of them that run beyond the target of their container. */
  readonly beyondTarget: number;
  /** Containers that are there or starting. */
  readonly containers: number;
  /** Containers where everything waits for calls that it made itself. They do not count against the maximum: the call that they
   * wait for may need a container of the same function. */
  readonly blocked: number;
  /** Containers that are busy with long inputs, so that the mean run time says nothing about when they are free. */
  readonly stuck: number;
  /** Mean run time of an input in milliseconds; undefined before the first one ended. */
  readonly meanMs: number | undefined;
}

/** A new container costs about this long, so work that the present ones finish sooner does not start one. */
const START_COST_MS = 80;

/** Containers that should exist for this load. */
export function desiredContainers(settings: ScalingSettings, load: Load): number {
  const ceiling = settings.maxContainers + load.blocked;
  const waiting = Math.ceil(load.backlog / (settings.batching?.maxSize ?? 1));
  const busy = Math.min(load.blocked + Math.ceil((waiting + load.sent) / settings.targetSlots), ceiling);
  const prompt = (load.containers - load.blocked - load.stuck) * settings.slots;
  const surplus = waiting + load.beyondTarget;
  const soonDone = prompt > 0 && load.meanMs !== undefined && (surplus * load.meanMs) / prompt < START_COST_MS;
  const wanted = soonDone ? Math.min(load.containers, busy) : busy;
  const buffer = busy > 0 ? settings.bufferContainers : 0;
  return Math.max(settings.minContainers, Math.min(wanted + buffer, ceiling));
}

/** Inputs are sent ahead until a slot has about this much work, so that tiny ones are not bound by round trips. */
const AHEAD_MS = 20;
const MAX_AHEAD = 256;

/** How many inputs, or batches, a container may hold: as many as run while run times are unknown or long, more when they are tiny. */
export function heldPerContainer(slots: number, meanMs: number | undefined): number {
  if (meanMs === undefined) return slots;
  const ahead = slots * Math.max(1, Math.round(AHEAD_MS / Math.max(meanMs, 0.001)));
  return Math.max(slots, Math.min(MAX_AHEAD, ahead));
}

/** The wait before retry number `retry` (from 1), or undefined when the policy has no more. */
export function retryDelayMs(policy: RetriesDefinition | null | undefined, retry: number): number | undefined {
  if (!policy || retry > policy.max_retries) return undefined;
  const delayS = policy.initial_delay_s * policy.backoff_coefficient ** (retry - 1);
  return Math.min(delayS, policy.max_delay_s) * 1_000;
}
