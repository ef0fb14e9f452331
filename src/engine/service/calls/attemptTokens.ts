import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import { callNumberOf, type InputKey } from "../../ids.ts";
import type { CallRecord } from "../../store/callStore.ts";
import type { House } from "../house.ts";

/** An attempt at an input, as callers on the input plane know it. */
export interface Attempt {
  readonly input: InputKey;
  /** Its number, from 0. */
  readonly retryCount: number;
}

const RADIX = 36;

/** What stands for an attempt in requests. It says where the attempt is in the store, so it is good as long as the function call is. */
export function attemptToken({ input, retryCount }: Attempt): string {
  return `at-${input.toString(RADIX)}-${retryCount.toString(RADIX)}`;
}

/**
 * The attempt that a token stands for, and its function call.
 *
 * @throws RpcError INVALID_ARGUMENT when it is no token, NOT_FOUND when the function call is gone
 */
export function attemptNamed({ store }: House, token: string): Attempt & { readonly call: CallRecord } {
  const [, inputText, countText] = /^at-([0-9a-z]{1,11})-([0-9a-z]{1,6})$/.exec(token) ?? [];
  if (inputText === undefined || countText === undefined) {
    throw new RpcError(
      RpcStatus.INVALID_ARGUMENT,
      "The request names an attempt by a token that is not one of this engine.",
    );
  }
  const input = Number.parseInt(inputText, RADIX);
  const call = store.calls.byNumber(callNumberOf(input));
  if (!call || !store.attempts.get(input)) {
    throw new RpcError(RpcStatus.NOT_FOUND, "The attempt is not known here; its function call may have been cleaned.");
  }
  return { input, retryCount: Number.parseInt(countText, RADIX), call };
}
