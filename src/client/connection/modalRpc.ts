import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Engine } from "../../proto/gen/engine_pb.js";
import { ModalClient as ModalService } from "../../proto/gen/modal_pb.js";
import type { ValueFolder } from "../blobs/valueFolder.ts";
import type { RetryPolicy } from "./retry.ts";

/** How one request is made. */
export interface RequestOptions {
  /** Limit of each attempt in milliseconds. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** Limit of all attempts and pauses together in milliseconds. Default: none. */
  readonly totalTimeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: Modal's three retries. */
  readonly retries?: RetryPolicy | undefined;
  /** Ends the retries, but no attempt that is under way: nobody would know what came of it. */
  readonly retrySignal?: AbortSignal | undefined;
}

/** Modal's methods, and the one of the local engine's own service that a client asks for. */
export const METHODS = { ...ModalService.method, getFunctionSource: Engine.method.getFunctionSource };

type Methods = typeof METHODS;

export type MethodName = keyof Methods;

/** Modal's RPCs by name, retried, with failures as errors of `errors.ts`. An abort rejects with the signal's reason. */
export type ServerRpc = {
  readonly [K in MethodName]: Methods[K]["methodKind"] extends "unary"
    ? (
        request: MessageInitShape<Methods[K]["input"]>,
        options?: RequestOptions,
      ) => Promise<MessageShape<Methods[K]["output"]>>
    : (
        request: MessageInitShape<Methods[K]["input"]>,
        options?: Pick<RequestOptions, "signal">,
      ) => AsyncIterable<readonly MessageShape<Methods[K]["output"]>[]>;
};

/**
 * The RPCs of an input plane, a server nearer to the containers that takes calls which are waited for. Functions, blobs and everything
 * else stay with the control plane.
 */
export type InputPlaneRpc = Pick<
  ServerRpc,
  | "attemptStart"
  | "attemptAwait"
  | "attemptRetry"
  | "mapStartOrContinue"
  | "mapAwait"
  | "mapCheckInputs"
  | "functionCallGetDataOut"
>;

/** Which input plane a function has, from its handle. */
export interface InputPlaneAddress {
  readonly url: string;
  readonly region: string;
}

/** The RPCs of the control plane, and the way to the input planes. */
export type ModalRpc = ServerRpc & {
  /** @throws InvalidError when the URL cannot be used */
  readonly inputPlane: (address: InputPlaneAddress) => InputPlaneRpc;
  /** Aborted with `ClientClosed` at the end, for what goes by another way than these RPCs. */
  readonly closed: AbortSignal;
  /** Where blobs can be read without a request. */
  readonly values?: ValueFolder | undefined;
};
