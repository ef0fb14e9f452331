import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { RPCRetryPolicySchema } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";

/** How often a unary request is tried again, and how long the pauses are. */
export interface RetryPolicy {
  /** Attempts after the first one. `Infinity`: until the caller aborts. */
  readonly maxRetries: number;
  /** Pause before the first retry; it doubles from one retry to the next. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Whether RESOURCE_EXHAUSTED is retried too. */
  readonly whenExhausted: boolean;
}

/** When to stop, however often the policy would try again. */
export interface RetryLimits {
  /** How long all attempts and pauses may take together, in milliseconds. Default: no limit. */
  readonly totalTimeoutMs?: number | undefined;
  /** Fails instead of waiting longer than this, in all, because the server says so. 0: no such waits at all. Default: no limit. */
  readonly maxThrottleWaitMs?: number | undefined;
  /** Ends the pauses between attempts with its reason, but no attempt that is under way: nobody would know what came of it. */
  readonly retrySignal?: AbortSignal | undefined;
  /** How to wait between attempts. Default: by the system's clock. */
  readonly wait?: Pause;
}

/** Modal's policy for a plain unary request, the same in all of its SDKs. */
export const DEFAULT_RETRIES: RetryPolicy = {
  maxRetries: 3,
  baseDelayMs: 100,
  maxDelayMs: 1_000,
  whenExhausted: false,
};

/** For inputs of a map: never given up, since the server may push back for as long as it is busy. */
export const PUT_INPUTS_RETRIES: RetryPolicy = {
  maxRetries: Infinity,
  baseDelayMs: 100,
  maxDelayMs: 15_000,
  whenExhausted: true,
};

/** For making a map that nobody waits for. */
export const SPAWN_MAP_RETRIES: RetryPolicy = { ...PUT_INPUTS_RETRIES, maxDelayMs: 30_000 };

/** For the outputs of a map: outlives the restart of a server. */
export const GET_OUTPUTS_RETRIES: RetryPolicy = { ...DEFAULT_RETRIES, maxRetries: 20 };

/** For requests that are made once and whose failure does not matter much. */
export const NO_RETRIES: RetryPolicy = { ...DEFAULT_RETRIES, maxRetries: 0 };

const RETRIED = new Set<RpcStatus>([
  RpcStatus.DEADLINE_EXCEEDED,
  RpcStatus.UNAVAILABLE,
  RpcStatus.CANCELLED,
  RpcStatus.INTERNAL,
  RpcStatus.UNKNOWN,
]);

/** The shortest wait that a server can direct with an `RPCRetryPolicy` detail. */
const MIN_THROTTLE_MS = 100;

/**
 * Makes a request until it succeeds, fails for good, or the policy is used up. All attempts carry the same
 * `x-idempotency-key`, so a server can tell a repeat from a new request. A server that sends an `RPCRetryPolicy` detail decides
 * itself when to be asked again; such waits do not count as retries.
 *
 * @param attempt makes one attempt with the given request metadata and in what is left of the total time
 * @throws RpcError the last attempt's; the signal's reason when aborted
 */
export async function retrying<T>(
  policy: RetryPolicy,
  signal: AbortSignal,
  { totalTimeoutMs = Infinity, maxThrottleWaitMs = Infinity, retrySignal, wait = pause }: RetryLimits,
  attempt: (metadata: Record<string, string>, remainingMs: number) => Promise<T>,
): Promise<T> {
  const startedAt = Date.now();
  const fits = (waitMs: number, limitMs: number) => Date.now() - startedAt + waitMs < limitMs;
  const idempotencyKey = randomUUID();
  const pauseSignal = retrySignal ? AbortSignal.any([signal, retrySignal]) : signal;
  let retries = 0;
  let throttles = 0;
  for (;;) {
    try {
      const remainingMs = startedAt + totalTimeoutMs - Date.now();
      return await attempt(retryMetadata(idempotencyKey, startedAt, retries, throttles), remainingMs);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const directedMs = maxThrottleWaitMs > 0 ? directedWaitMs(error) : undefined;
      const mayRetry = directedMs !== undefined || (retries < policy.maxRetries && isRetried(error, policy));
      const waitMs = directedMs ?? Math.min(policy.baseDelayMs * 2 ** retries, policy.maxDelayMs);
      if (!mayRetry || !fits(waitMs, totalTimeoutMs)) throw error;
      if (directedMs !== undefined && !fits(waitMs, maxThrottleWaitMs)) throw error;
      await wait(waitMs, pauseSignal);
      if (directedMs === undefined) retries++;
      else throttles++;
    }
  }
}

/** How somebody waits; tests put in a clock of their own. */
export type Pause = typeof pause;

/** Waits, and rejects with the signal's reason when it aborts. */
export async function pause(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(durationMs, undefined, signal ? { signal } : {});
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

function isRetried(error: RpcError, policy: RetryPolicy): boolean {
  return RETRIED.has(error.code) || (policy.whenExhausted && error.code === RpcStatus.RESOURCE_EXHAUSTED);
}

function directedWaitMs(error: RpcError): number | undefined {
  const directed = error.detail(RPCRetryPolicySchema);
  return directed && Math.max(directed.retryAfterSecs * 1_000, MIN_THROTTLE_MS);
}

/** The headers of Modal's JavaScript SDK (every further one costs time): counts from 0, delays in seconds since the first attempt and only once there was a wait. */
function retryMetadata(idempotencyKey: string, startedAt: number, retries: number, throttles: number) {
  const metadata: Record<string, string> = {
    "x-idempotency-key": idempotencyKey,
    "x-retry-attempt": String(retries),
    "x-throttle-retry-attempt": String(throttles),
  };
  const elapsed = ((Date.now() - startedAt) / 1_000).toFixed(3);
  if (retries > 0) metadata["x-retry-delay"] = elapsed;
  if (throttles > 0) metadata["x-throttle-retry-delay"] = elapsed;
  return metadata;
}
