import { FunctionCallInvocationType } from "../../proto/gen/modal_pb.js";
import { FunctionCall } from "../calls/functionCall.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { NO_RETRIES, type RetryPolicy } from "../connection/retry.ts";
import type { FunctionHandle } from "../functions/functionHandle.ts";
import { inputEncoder } from "../functions/functionInput.ts";
import type { Kwargs } from "../functions/positionalArguments.ts";
import { ControlPlaneMap } from "../planes/controlPlaneMap.ts";
import { MapFeed } from "./mapFeed.ts";
import type { InputRow, InputSource } from "./mapRows.ts";

/** How a map is started whose results nobody waits for. */
export interface SpawnMapOptions {
  /** Keyword arguments of every input. */
  readonly kwargs?: Kwargs;
  /** Stops before all inputs are sent, and cancels the call. */
  readonly signal?: AbortSignal;
  /** Told how many inputs the server has accepted so far. */
  readonly onProgress?: (numInputs: number) => void;
}

const FINISH_RETRIES: RetryPolicy = {
  maxRetries: Infinity,
  baseDelayMs: 100,
  maxDelayMs: 15_000,
  whenExhausted: false,
};

/** Starts a durable map; see `ModalFunction.spawnMap`. */
export async function spawnMapInputs(
  rpc: ModalRpc,
  handle: FunctionHandle,
  rows: InputSource<InputRow>,
  { kwargs = {}, signal, onProgress }: SpawnMapOptions,
): Promise<FunctionCall> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener("abort", abort);
  try {
    const { functionId } = handle;
    const invocation = FunctionCallInvocationType.ASYNC;
    const plane = new ControlPlaneMap({ rpc, functionId, invocation, returnExceptions: true });
    const feed = new MapFeed(plane, {
      rows,
      kwargs,
      encode: inputEncoder(rpc, handle, true, stop.signal),
      stop,
      ...(onProgress && { onAccepted: onProgress }),
    });
    const { start, done } = await feed.start();
    return await finishInputs(rpc, handle, start?.functionCallId ?? "", done, stop.signal);
  } finally {
    signal?.removeEventListener("abort", abort);
    stop.abort();
  }
}

async function finishInputs(
  rpc: ModalRpc,
  { functionId }: FunctionHandle,
  functionCallId: string,
  done: Promise<number>,
  signal: AbortSignal,
): Promise<FunctionCall> {
  try {
    const numInputs = await done;
    await rpc.functionFinishInputs({ functionId, functionCallId, numInputs }, { signal, retries: FINISH_RETRIES });
    return new FunctionCall(rpc, functionCallId);
  } catch (error) {
    // A call whose inputs never end would never finish. What cannot be cancelled now can be by its id, so the first error matters more.
    await rpc.functionCallCancel({ functionCallId }, { retries: NO_RETRIES }).catch(() => {});
    throw error;
  }
}
