import {
  create,
  type DescMethod,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type DescService,
  fromBinary,
  type MessageInitShape,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { CallOptions, Client, ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { Metadata as GrpcMetadata } from "@grpc/grpc-js";
import { arrivals } from "./arrivals.ts";
import { bufferOf } from "./bufferOf.ts";
import { RpcError, RpcStatus, rpcErrorFrom } from "./rpcError.ts";

/** How the message of a call begins that was given up on this side. gRPC's own deadlines, which streams have, say the same. */
export const LATE_PREFIX = "Deadline exceeded after";

/** Node runs timers that are longer at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** How one call is made. */
export interface RpcOptions {
  /** Gives up with DEADLINE_EXCEEDED after this many milliseconds. Default: no deadline. */
  readonly timeoutMs?: number | undefined;
  /** Ends the call on both sides; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Request metadata, added to the client's own. Lower-case names. */
  readonly metadata?: Readonly<Record<string, string>> | undefined;
}

type RpcMethod<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageInitShape<I>, options?: RpcOptions) => Promise<MessageShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageInitShape<I>, options?: RpcOptions) => AsyncIterable<readonly MessageShape<O>[]>
      : never;

/**
 * A typed client of any service: one method per RPC, unary as a promise and server streams as async iterables of messages that came
 * together.
 */
export type RpcClient<S extends DescService> = {
  readonly [K in keyof S["method"]]: RpcMethod<S["method"][K]>;
};

/**
 * Turns a service descriptor into a typed client over a grpc-js channel. Requests may be given as plain objects.
 * Every failure is an `RpcError`, except an abort, which is the signal's reason.
 *
 * @param metadata sent with every call; asked for at each call, so that tokens may change
 */
export function rpcClient<S extends DescService>(
  service: S,
  channel: Client,
  metadata: () => Readonly<Record<string, string>> = () => ({}),
): RpcClient<S> {
  const methods: Record<string, unknown> = {};
  for (const [name, method] of Object.entries<DescMethod>(service.method)) {
    const call = new Call(channel, method, metadata);
    if (method.methodKind === "unary") methods[name] = call.unary.bind(call);
    if (method.methodKind === "server_streaming") methods[name] = call.serverStreaming.bind(call);
  }
  return methods as RpcClient<S>;
}

class Call {
  readonly #channel: Client;
  readonly #method: DescMethod;
  readonly #path: string;
  readonly #metadata: () => Readonly<Record<string, string>>;

  constructor(channel: Client, method: DescMethod, metadata: () => Readonly<Record<string, string>>) {
    this.#channel = channel;
    this.#method = method;
    this.#path = `/${method.parent.typeName}/${method.name}`;
    this.#metadata = metadata;
  }

  readonly #serialize = (message: MessageShape<DescMethod["input"]>) => bufferOf(toBinary(this.#method.input, message));
  readonly #deserialize = (bytes: Buffer) => fromBinary(this.#method.output, bytes);

  unary(request: MessageInitShape<DescMethod["input"]>, options: RpcOptions = {}): Promise<unknown> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      let late: RpcError | undefined;
      const settle = (error: unknown, response: unknown) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", cancel);
        if (signal?.aborted) reject(signal.reason);
        else if (error) reject(late ?? rpcErrorFrom(error));
        else resolve(response);
      };
      // The answer counts as soon as it is here. That all went well comes after it, by itself, and a good deal later.
      const receive = (bytes: Buffer) => {
        const response = this.#deserialize(bytes);
        settle(undefined, response);
        return response;
      };
      const message = create(this.#method.input, request);
      const headers = this.#headers(options);
      const call = withoutStack(() =>
        this.#channel.makeUnaryRequest(this.#path, this.#serialize, receive, message, headers, {}, settle),
      );
      // Not in the turn in which the call began: grpc-js would forget to tell the server.
      const cancel = () => setImmediate(() => call.cancel());
      // As Modal's JavaScript SDK does: with a deadline of gRPC, each request would carry one more header, and set a timer on both sides.
      const timer = afterTimeout(options.timeoutMs, () => {
        late = new RpcError(RpcStatus.DEADLINE_EXCEEDED, `${LATE_PREFIX} ${options.timeoutMs} ms.`);
        cancel();
      });
      signal?.addEventListener("abort", cancel, { once: true });
    });
  }

  async *serverStreaming(
    request: MessageInitShape<DescMethod["input"]>,
    options: RpcOptions = {},
  ): AsyncGenerator<readonly unknown[]> {
    const { signal } = options;
    signal?.throwIfAborted();
    const stream: ClientReadableStream<Buffer> = this.#channel.makeServerStreamRequest(
      this.#path,
      this.#serialize,
      (bytes: Buffer) => bytes,
      create(this.#method.input, request),
      this.#headers(options),
      deadline(options),
    );
    const cancel = () => stream.cancel();
    signal?.addEventListener("abort", cancel, { once: true });
    try {
      for await (const messages of arrivals(stream)) yield messages.map(this.#deserialize);
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw rpcErrorFrom(error);
    } finally {
      signal?.removeEventListener("abort", cancel);
      stream.cancel();
    }
  }

  #headers(options: RpcOptions): Metadata {
    const headers = new GrpcMetadata();
    for (const [name, value] of Object.entries({ ...this.#metadata(), ...options.metadata })) headers.set(name, value);
    return headers;
  }
}

/**
 * grpc-js takes down the stack of every request, for an error that is never seen: ours has a stack of its own. That would cost more
 * than everything else that is done here for a request.
 */
function withoutStack<T>(makeRequest: () => T): T {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return makeRequest();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

function afterTimeout(timeoutMs: number | undefined, act: () => void): NodeJS.Timeout | undefined {
  return timeoutMs === undefined ? undefined : setTimeout(act, Math.min(timeoutMs, LONGEST_TIMER_MS));
}

function deadline(options: RpcOptions): CallOptions {
  return options.timeoutMs === undefined ? {} : { deadline: Date.now() + options.timeoutMs };
}
