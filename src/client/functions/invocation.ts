import { FunctionCallInvocationType as Invocation } from "../../proto/gen/modal_pb.js";
import { FunctionCall, references } from "../calls/functionCall.ts";
import { type GeneratorItem, generatorItems, sourceItems } from "../calls/generator.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { type Pause, pause } from "../connection/retry.ts";
import { ControlPlaneCall } from "../planes/controlPlaneCall.ts";
import { inputPlaneAddress } from "../planes/inputPlane.ts";
import { InputPlaneCall } from "../planes/inputPlaneCall.ts";
import { finalOutput } from "../planes/unaryCall.ts";
import { type FunctionHandle, isGenerator } from "./functionHandle.ts";
import { inputEncoder } from "./functionInput.ts";
import type { Kwargs } from "./positionalArguments.ts";

/** How a call is made whose result is waited for. */
export interface RemoteOptions {
  /** Stops waiting. The call itself goes on; cancel it through the handle that `onCall` gets. */
  readonly signal?: AbortSignal;
  /**
   * Told of the call as soon as the server has accepted it. Not for single calls of functions with an input plane: that gives no id, and
   * nothing that such a call could be cancelled by.
   */
  readonly onCall?: (call: FunctionCall) => void;
}

/** One input, started and waited for. */
export async function callRemote(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
  { signal, onCall }: RemoteOptions,
  wait: Pause = pause,
): Promise<unknown> {
  signal?.throwIfAborted();
  const call =
    (await startOnInputPlane(rpc, handle, args, kwargs, signal)) ??
    (await startCall(rpc, handle, args, kwargs, Invocation.SYNC, signal));
  if (call.functionCallId !== undefined) onCall?.(new FunctionCall(rpc, call.functionCallId));
  const output = await finalOutput(call, signal, wait);
  return (await output.load(signal)).value();
}

/**
 * A generator, started and read in portions. When its reader leaves early, it is cancelled where that can be done: nobody else would take
 * the rest.
 */
export async function* callGenerator(
  rpc: ModalRpc,
  lookup: () => Promise<FunctionHandle>,
  args: readonly unknown[],
  kwargs: Kwargs,
  { signal, onCall }: RemoteOptions,
  wait: Pause = pause,
): AsyncGenerator<readonly GeneratorItem[], void, undefined> {
  const handle = await lookup();
  signal?.throwIfAborted();
  const inputPlaneCall = await startOnInputPlane(rpc, handle, args, kwargs, signal);
  if (inputPlaneCall) {
    yield* inputPlaneItems(inputPlaneCall, rpc, signal, wait);
    return;
  }
  const { functionCallId } = await startCall(rpc, handle, args, kwargs, Invocation.SYNC_LEGACY, signal);
  const call = new FunctionCall(rpc, functionCallId);
  onCall?.(call);
  const items = generatorItems(rpc, functionCallId, references(rpc), { signal });
  let isLeft = true;
  try {
    yield* items;
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
  const { functionCallId } = await startCall(rpc, handle, args, kwargs, invocation);
  return new FunctionCall(rpc, functionCallId);
}

async function startCall(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
  invocation: Invocation,
  signal?: AbortSignal,
): Promise<ControlPlaneCall> {
  const { functionId } = handle;
  const isAsync = invocation === Invocation.ASYNC || invocation === Invocation.ASYNC_LEGACY;
  const input = await inputEncoder(rpc, handle, isAsync, signal)(args, kwargs);
  return ControlPlaneCall.start({ rpc, functionId, input, invocation, references: references(rpc) }, signal);
}

/** Undefined for a function without an input plane. */
async function startOnInputPlane(
  rpc: ModalRpc,
  handle: FunctionHandle,
  args: readonly unknown[],
  kwargs: Kwargs,
  signal: AbortSignal | undefined,
): Promise<InputPlaneCall | undefined> {
  const address = inputPlaneAddress(handle);
  if (!address) return undefined;
  const { functionId } = handle;
  // What is large is uploaded to the control plane, and downloaded from there.
  const input = await inputEncoder(rpc, handle, false, signal)(args, kwargs);
  const options = { rpc: rpc.inputPlane(address), functionId, input, references: references(rpc) };
  return InputPlaneCall.start({ ...options, isGenerator: isGenerator(handle.metadata) }, signal);
}

function inputPlaneItems(
  call: InputPlaneCall,
  rpc: ModalRpc,
  signal: AbortSignal | undefined,
  wait: Pause,
): AsyncIterable<readonly GeneratorItem[]> {
  const source = {
    name: "This",
    items: (lastIndex: bigint, reading: AbortSignal) => call.items(lastIndex, reading),
    output: (reading: AbortSignal) => finalOutput(call, reading, wait),
  };
  return sourceItems(source, references(rpc), { signal });
}
