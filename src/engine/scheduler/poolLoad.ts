import type { Container } from "./container.ts";
import { inputsAtOnce, type Load, type ScalingSettings } from "./scaling.ts";

/** A function's stats, in the words of `FunctionStats`. */
export interface PoolStats {
  readonly backlog: number;
  readonly numTotalTasks: number;
  readonly numRunningInputs: number;
  readonly inputHeadroom: number;
  /** Why it gets no containers any more, for now; empty while it does. */
  readonly startFailure: string;
}

/** What the decisions look at: containers that drain or were killed no longer count, and neither does what they hold. */
export function loadOf(
  containers: Iterable<Container>,
  { targetSlots }: ScalingSettings,
  { backlog, meanMs, now }: { backlog: number; meanMs: number | undefined; now: number },
): Load {
  const load = { backlog, sent: 0, beyondTarget: 0, containers: 0, blocked: 0, stuck: 0, meanMs };
  for (const container of containers) {
    if (!container.counts) continue;
    load.containers += 1;
    if (container.blocked) {
      load.blocked += 1;
      continue;
    }
    load.sent += container.held;
    load.beyondTarget += Math.max(0, container.slotsInUse - targetSlots);
    if (container.stuck(now)) load.stuck += 1;
  }
  return load;
}

/** What users see: an input counts as running when its container has begun it, and as backlog before. */
export function statsOf(
  containers: Iterable<Container>,
  settings: ScalingSettings,
  load: Load,
): Omit<PoolStats, "startFailure"> {
  let held = 0;
  let running = 0;
  for (const container of containers) {
    held += container.inputs.length;
    running += container.running.length;
  }
  const most = Math.max(settings.maxContainers, load.containers) * inputsAtOnce(settings);
  return {
    backlog: load.backlog + held - running,
    numTotalTasks: load.containers,
    numRunningInputs: running,
    inputHeadroom: Math.max(0, most - running),
  };
}
