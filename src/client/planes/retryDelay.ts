import type { FunctionRetryPolicy } from "../../proto/gen/modal_pb.js";

/** Limits of the pause before a retry, whatever the policy says; those of Modal's Python SDK, which does not apply `max_delay_ms`. */
const MIN_DELAY_MS = 1_000;
const MAX_DELAY_MS = 24 * 60 * 60 * 1_000;

/**
 * The pause before a retry that a function's policy allows.
 *
 * @param retry which one, from 1
 * @returns milliseconds, or undefined when the policy allows no such retry
 */
export function retryDelayMs(policy: FunctionRetryPolicy | undefined, retry: number): number | undefined {
  if (!policy || retry > policy.retries) return undefined;
  const delayMs = policy.initialDelayMs * policy.backoffCoefficient ** (retry - 1);
  return Math.min(Math.max(delayMs, MIN_DELAY_MS), MAX_DELAY_MS);
}
