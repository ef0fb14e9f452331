import type { Container, HeldInput } from "./container.ts";
import type { Load, ScalingSettings } from "./scaling.ts";

/** So long may the exit hooks of a class run, as on Modal. */
export const EXIT_GRACE_MS = 30_000;

/** A pool whose containers are looked at from time to time, and what it does about inputs. */
export interface LimitedPool {
  readonly containers: Iterable<Container>;
  readonly settings: ScalingSettings;
  load(): Load;
  /** A container was not ready in time. Another one would not be either, so what waits fails. */
  startTimedOut(container: Container, exception: string): void;
  /** An input ran too long, and is no longer in its container. */
  inputTimedOut(held: HeldInput, container: Container, exception: string): void;
}

/** Ends what has run too long in the containers of a pool, and containers that have been there too long. */
export function applyLimits(pool: LimitedPool, now: number): void {
  for (const container of pool.containers) {
    const overdue = container.running.filter(({ beganAt = now }) => now - beganAt > pool.settings.timeoutMs);
    if (container.cancelDeadline !== undefined && now >= container.cancelDeadline) container.kill("cancelled");
    else if (container.state === "starting") limitStart(pool, container, now);
    else if (overdue.length > 0) timeOut(pool, container, overdue, now);
    else if (container.stuck(now)) spread(pool, container, now);
    else if (container.held > 0) continue;
    else if (container.state === "draining") awaitExit(container, now);
    else scaleDown(pool, container, now);
  }
}

function limitStart(pool: LimitedPool, container: Container, now: number): void {
  const { startupTimeoutMs } = pool.settings;
  if (now - container.startedAt <= startupTimeoutMs) return;
  container.kill("timeout");
  const limit = `its startup timeout of ${startupTimeoutMs / 1_000} s`;
  pool.startTimedOut(
    container,
    `The container was not ready within ${limit}: importing your code and running its enter hooks take longer.`,
  );
}

/** Ends a container for inputs that run too long. Others that run there start again elsewhere, as on Modal. */
function timeOut(pool: LimitedPool, container: Container, overdue: readonly HeldInput[], now: number): void {
  const timedOut = overdue.filter(({ input }) => !input.cancelled);
  for (const { input } of timedOut) container.take(input.key, now);
  container.kill(timedOut.length > 0 ? "timeout" : "cancelled");
  const exception = `The input ran longer than the function's timeout of ${pool.settings.timeoutMs / 1_000} s.`;
  for (const held of timedOut) pool.inputTimedOut(held, container, exception);
}

/** Gives what waits behind long inputs to other containers, where there are some or could be. */
function spread(pool: LimitedPool, container: Container, now: number): void {
  if (container.held === container.slotsInUse) return;
  const elsewhere = [...pool.containers].some((other) => other.takesInputs(now));
  if (elsewhere || pool.load().containers < pool.settings.maxContainers) container.recall();
}

function awaitExit(container: Container, now: number): void {
  container.exitDeadline ??= now + EXIT_GRACE_MS;
  if (now >= container.exitDeadline) container.kill("stopped");
}

function scaleDown(pool: LimitedPool, container: Container, now: number): void {
  if (container.state !== "active" || now - container.idleSince < pool.settings.scaledownWindowMs) return;
  if (pool.load().containers > pool.settings.minContainers) container.drain();
}
