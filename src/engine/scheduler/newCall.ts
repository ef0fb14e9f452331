import { FunctionCallType as CallType, FunctionCallInvocationType as Invocation } from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { calledBy } from "../deploy/classes.ts";
import type { FunctionDefinition } from "../deploy/definition.ts";
import { type InputKey, MAX_INPUTS_PER_CALL } from "../ids.ts";
import type { Payload } from "../payloads/payload.ts";

/** An input as a caller hands it in. */
export interface NewInput {
  readonly index: number;
  readonly dataFormat: number;
  readonly methodName: string | undefined;
  readonly args: Payload;
}

export interface NewFunctionCall {
  readonly functionId: string;
  readonly callType: CallType;
  readonly invocationType: Invocation;
  readonly parentInput: InputKey | undefined;
  /** See {@link CallRecord.retriedByClient}. Default: false. */
  readonly retriedByClient?: boolean;
  /** The same key again means the same call again. */
  readonly idempotencyKey?: string | undefined;
  readonly inputs: readonly NewInput[];
  /** No more inputs will come. */
  readonly closed: boolean;
}

/** Another attempt that a caller makes at an input. Attempts count from 0. */
export interface NewAttempt {
  readonly input: InputKey;
  /** The attempt that it takes the place of. */
  readonly after: number;
  /** Its own number, which its output will say. */
  readonly retryCount: number;
}

/** Somebody waits for what comes of the call, rather than leaving it to the engine. */
export function isWaitedFor({ invocationType }: { readonly invocationType: number }): boolean {
  return invocationType === Invocation.SYNC || invocationType === Invocation.SYNC_LEGACY;
}

/**
 * A generator's call has one input, for its items belong to the call.
 *
 * @throws RpcError NOT_FOUND for a method that the class does not have, INVALID_ARGUMENT for a map of a generator
 */
export function checkCallable(definition: FunctionDefinition, callType: CallType, inputs: readonly NewInput[]): void {
  const called = definition.cls ? inputs.map(({ methodName }) => calledBy(definition, methodName)) : [definition];
  const generator = callType === CallType.MAP && called.find(({ is_generator }) => is_generator);
  if (generator) {
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, `${generator.qualname} is a generator, which cannot be mapped.`);
  }
}

/**
 * An index beyond the range of a call would be the key of another call's input.
 *
 * @throws RpcError INVALID_ARGUMENT
 */
export function checkIndexes(inputs: readonly NewInput[]): void {
  if (inputs.every(({ index }) => index >= 0 && index < MAX_INPUTS_PER_CALL)) return;
  throw new RpcError(
    RpcStatus.INVALID_ARGUMENT,
    `The index of an input is a number from 0 to ${MAX_INPUTS_PER_CALL - 1}; a call holds no more.`,
  );
}
