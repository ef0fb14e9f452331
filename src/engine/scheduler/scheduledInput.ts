import { type InputKey, inputKey } from "../ids.ts";
import type { Payload } from "../payloads/payload.ts";
import type { ActiveCall } from "./activeCall.ts";
import type { NewInput } from "./newCall.ts";

/** Arguments up to this size stay in memory until they are sent; larger ones are read from the store, so that a million inputs fit. */
const KEEP_ARGS_BYTES = 256;

/** An acknowledged input on its way to its final output. */
export interface ScheduledInput {
  readonly key: InputKey;
  readonly call: ActiveCall;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
  /** Kept while small; otherwise read from the store when it is sent. */
  readonly args: Uint8Array | undefined;
  /** Since when it waits for a container, in milliseconds. */
  queuedAt: number;
  /** Retries by the function's policy so far. */
  retryCount: number;
  /** Times that a container died under it. */
  lost: number;
  /** Somebody cancelled it: whatever happens to its container, it ends as TERMINATED. */
  cancelled: boolean;
  /** Taken back from a container before it began; goes to another one. */
  recalled: boolean;
}

/** An input that nothing has happened to yet. */
export function scheduledInput(
  call: ActiveCall,
  input: { key: InputKey; dataFormat: number; methodName: string | undefined; args: Payload | undefined },
): ScheduledInput {
  const { key, dataFormat, methodName, args } = input;
  return {
    key,
    call,
    dataFormat,
    methodName,
    args: args instanceof Uint8Array && args.length <= KEEP_ARGS_BYTES ? args : undefined,
    queuedAt: 0,
    retryCount: 0,
    lost: 0,
    cancelled: false,
    recalled: false,
  };
}

/** Inputs as a caller handed them in, once they are stored. */
export function scheduledInputs(call: ActiveCall, inputs: readonly NewInput[]): ScheduledInput[] {
  const { number } = call.record;
  return inputs.map((input) => scheduledInput(call, { ...input, key: inputKey(number, input.index) }));
}
