import type { FunctionRetryPolicy } from "../../proto/gen/modal_pb.js";
import type { Output } from "../calls/output.ts";
import type { Pause } from "../connection/retry.ts";
import { retryDelayMs } from "./retryDelay.ts";

/** A call with one input, on either plane. The server makes one attempt at a time; further ones are up to the client. */
export interface UnaryCall {
  /** `fc-…`, or undefined on an input plane, which does not tell it. */
  readonly functionCallId: string | undefined;
  /** Which failures are tried again; undefined when the server does that itself, or nobody does. */
  readonly retries: UnaryRetries | undefined;
  /** Waits for the output of the latest attempt. */
  output(signal: AbortSignal | undefined): Promise<Output>;
  /** Makes another attempt at the same input. */
  retry(signal: AbortSignal | undefined): Promise<void>;
}

/** How often a call is tried again by the client. */
export interface UnaryRetries {
  /** The function's own policy, for what its code raises and for its timeouts. */
  readonly policy: FunctionRetryPolicy | undefined;
  /** For failures of Modal's machinery, which are tried again at once and beside the policy. */
  readonly maxInternalFailures: number;
}

/** Waits for an output that is not tried again, by the rules of Modal's Python SDK (`py/modal/_functions.py`). */
export async function finalOutput(call: UnaryCall, signal: AbortSignal | undefined, pause: Pause): Promise<Output> {
  let failures = 0;
  let internalFailures = 0;
  for (;;) {
    const output = await call.output(signal);
    const { retries } = call;
    if (!retries || output.status === "SUCCESS" || output.status === "TERMINATED") return output;
    if (output.status === "INTERNAL_FAILURE") {
      internalFailures++;
      if (internalFailures > retries.maxInternalFailures) return output;
    } else {
      failures++;
      const delayMs = retryDelayMs(retries.policy, failures);
      if (delayMs === undefined) return output;
      await pause(delayMs, signal);
    }
    await call.retry(signal);
  }
}
