import { FunctionCallType, FunctionCallInvocationType as Invocation } from "../proto/gen/modal_pb.js";
import type { ModalRpc } from "./connection.ts";
import { OutputExpiredError } from "./errors.ts";
import { FunctionCall, references } from "./functionCall.ts";
import { type FunctionHandle, isGenerator } from "./functionHandle.ts";
import { inputEncoder, type Kwargs } from "./functionInput.ts";
import { awaitOutputs } from "./outputs.ts";
import { PUT_INPUTS_RETRIES } from "./retry.ts";

/** How a call is made whose result is waited for. */
export interface RemoteOptions {
  /** Stops waiting. The call itself goes on; cancel it through the handle that `onCall` gets. */
  readonly signal?: AbortSignal;
  /** Told of the call as soon as the server has accepted it. */
  readonly onCall?: (call: FunctionCall) => void;
}

/** One input, started and waited for. */
export async function callRemote(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
  { signal, onCall }: RemoteOptions,
): Promise<unknown> {
  signal?.throwIfAborted();
  const functionCallId = await startCall(rpc, handle, args, kwargs, Invocation.SYNC, signal);
  onCall?.(new FunctionCall(rpc, functionCallId));
  const query = { functionCallId, index: 0, clearOnSuccess: true, references: references(rpc), signal };
  const { outputs } = await awaitOutputs(rpc, query, undefined);
  const [output] = outputs;
  if (!output) throw new OutputExpiredError(`The server has no result of ${functionCallId}; make the call again.`);
  return (await output.load(signal)).value();
}

/**
 * A generator, started and read. When its reader leaves early, it is cancelled: nobody else would take the rest.
 */
export async function* callGenerator(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
  { signal, onCall }: RemoteOptions,
): AsyncGenerator<unknown, void, undefined> {
  signal?.throwIfAborted();
  const call = new FunctionCall(rpc, await startCall(rpc, handle, args, kwargs, Invocation.SYNC_LEGACY, signal));
  onCall?.(call);
  let isLeft = true;
  try {
    yield* call.getGen({ signal });
    isLeft = false;
  } catch (error) {
    isLeft = signal?.aborted ?? false;
    throw error;
  } finally {
    // Its failure would hide why the reader left.
    if (isLeft) await call.cancel().catch(() => undefined);
  }
}

/** One input, started and left to the server. */
export async function spawnCall(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
): Promise<FunctionCall> {
  // Modal's clients call generators as they always did, which the protocol calls legacy.
  const invocation = isGenerator(handle.metadata) ? Invocation.ASYNC_LEGACY : Invocation.ASYNC;
  return new FunctionCall(rpc, await startCall(rpc, handle, args, kwargs, invocation));
}

async function startCall(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
  invocation: Invocation,
  signal?: AbortSignal,
): Promise<string> {
  const { functionId } = handle;
  const isAsync = invocation === Invocation.ASYNC || invocation === Invocation.ASYNC_LEGACY;
  const inputs = [await inputEncoder(rpc, handle, isAsync, signal)(args, kwargs)];
  // Not aborted: a call whose id never arrived could not be cancelled any more.
  const { functionCallId, pipelinedInputs } = await rpc.functionMap({
    functionId,
    functionCallType: FunctionCallType.UNARY,
    functionCallInvocationType: invocation,
    pipelinedInputs: inputs,
  });
  // A server may leave out the input that came with the call, and then expects it by itself; so does Modal's Python SDK.
  if (pipelinedInputs.length === 0) {
    await rpc.functionPutInputs({ functionId, functionCallId, inputs }, { signal, retries: PUT_INPUTS_RETRIES });
  }
  return functionCallId;
}
