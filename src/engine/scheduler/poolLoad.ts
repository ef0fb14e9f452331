import type { Container } from "./container.ts";
import type { Load } from "./scaling.ts";

/** A function's stats, in the words of `FunctionStats`. */
export interface PoolStats {
  readonly backlog: number;
  readonly numTotalTasks: number;
  readonly numRunningInputs: number;
  readonly inputHeadroom: number;
}

/** What the decisions look at: containers that drain or were killed no longer count, and neither does what they hold. */
export function loadOf(
  containers: Iterable<Container>,
  { backlog, meanMs, now }: { backlog: number; meanMs: number | undefined; now: number },
): Load {
  const load = { backlog, sent: 0, containers: 0, blocked: 0, stuck: 0, meanMs };
  for (const container of containers) {
    if (!container.counts) continue;
    load.containers += 1;
    load.sent += container.inputs.length;
    if (container.blocked) load.blocked += 1;
    else if (container.stuck(now)) load.stuck += 1;
  }
  return load;
}

/** What users see: an input counts as running when its container has begun it, and as backlog before. */
export function statsOf(containers: Iterable<Container>, load: Load, maxContainers: number): PoolStats {
  let held = 0;
  let running = 0;
  for (const container of containers) {
    held += container.inputs.length;
    if (container.running) running += 1;
  }
  return {
    backlog: load.backlog + held - running,
    numTotalTasks: load.containers,
    numRunningInputs: running,
    inputHeadroom: Math.max(0, Math.max(maxContainers, load.containers) - running),
  };
}
