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
import type { Metadata, Server, ServerUnaryCall, ServerWritableStream, sendUnaryData } from "@grpc/grpc-js";
import { bufferOf } from "./bufferOf.ts";
import { RpcError, RpcStatus, serviceErrorFrom } from "./rpcError.ts";

/** What a handler knows of its caller. */
export interface RpcContext {
  /** Aborted when the caller gave up, went away or ran out of time. */
  readonly signal: AbortSignal;
  /** The request's metadata value, if it is there. */
  metadata(name: string): string | undefined;
}

type RpcHandler<M extends DescMethod> =
  M extends DescMethodUnary<infer I, infer O>
    ? (request: MessageShape<I>, context: RpcContext) => MessageInitShape<O> | Promise<MessageInitShape<O>>
    : M extends DescMethodServerStreaming<infer I, infer O>
      ? (request: MessageShape<I>, context: RpcContext) => AsyncIterable<MessageInitShape<O>>
      : never;

/** The handlers of a service. Methods that are left out answer UNIMPLEMENTED and name themselves. */
export type RpcHandlers<S extends DescService> = {
  readonly [K in keyof S["method"]]?: RpcHandler<S["method"][K]>;
};

/** Methods that a server may be asked for without having them. */
export interface AbsentMethods {
  /** As they are called on the wire; of those that have a handler after all, nothing is said. */
  readonly names: readonly string[];
  /** One sentence for who asks. */
  readonly why: (name: string) => string;
}

/** Throws an `RpcError` when the caller may not be answered. Runs before every handler. */
export type Authorize = (context: RpcContext) => void;

/**
 * Adds a service to a grpc-js server. Handlers get decoded messages, may return plain objects, and fail by throwing;
 * an `RpcError` crosses the wire with its status and details, any other error as INTERNAL.
 *
 * @param absent further methods, which answer UNIMPLEMENTED with a sentence of their own
 */
export function addRpcService<S extends DescService>(
  server: Server,
  service: S,
  handlers: RpcHandlers<S>,
  authorize: Authorize,
  absent?: AbsentMethods,
): void {
  const why = absent?.why ?? ((name: string) => `${service.typeName}/${name} is not implemented here.`);
  const definition: Record<string, object> = {};
  const implementation: Record<string, (...args: never[]) => void> = {};
  for (const [key, method] of Object.entries<DescMethod>(service.method)) {
    definition[key] = methodDefinition(method);
    const handler = (handlers as Record<string, unknown>)[key] ?? unimplemented(() => why(method.name));
    implementation[key] =
      method.methodKind === "unary"
        ? unary(method, handler as UnaryHandler, authorize)
        : serverStreaming(method, handler as StreamHandler, authorize);
  }
  const defined = new Set(service.methods.map(({ name }) => name));
  for (const name of absent?.names.filter((candidate) => !defined.has(candidate)) ?? []) {
    definition[name] = unknownMethod(`/${service.typeName}/${name}`);
    implementation[name] = refusal(() => why(name));
  }
  server.addService(definition as never, implementation as never);
}

type UnaryHandler = (request: unknown, context: RpcContext) => unknown;
type StreamHandler = (request: unknown, context: RpcContext) => AsyncIterable<unknown>;

function methodDefinition(method: DescMethod) {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: false,
    responseStream: method.methodKind === "server_streaming",
    requestDeserialize: (bytes: Buffer) => fromBinary(method.input, bytes),
    responseSerialize: (bytes: Buffer) => bytes, // It is serialized before, so that a stream knows how much is on the way.
    requestSerialize: (message: MessageShape<DescMethod["input"]>) => bufferOf(toBinary(method.input, message)),
    responseDeserialize: (bytes: Buffer) => fromBinary(method.output, bytes),
  };
}

/** A method whose messages nobody needs to know. */
function unknownMethod(path: string) {
  const same = (bytes: Buffer) => bytes;
  const [requestDeserialize, responseSerialize, requestSerialize, responseDeserialize] = [same, same, same, same];
  const codec = { requestDeserialize, responseSerialize, requestSerialize, responseDeserialize };
  return { path, requestStream: false, responseStream: false, ...codec };
}

function serialized({ output }: DescMethod, response: unknown): Buffer {
  return bufferOf(toBinary(output, create(output, response as MessageInitShape<DescMethod["output"]>)));
}

function unary(method: DescMethod, handler: UnaryHandler, authorize: Authorize) {
  return async (call: ServerUnaryCall<unknown, unknown>, reply: sendUnaryData<unknown>) => {
    try {
      const context = new CallContext(call);
      authorize(context);
      const response = await handler(call.request, context);
      context.isAnswered = true;
      reply(null, serialized(method, response));
    } catch (error) {
      reply(serviceErrorFrom(error));
    }
  };
}

/** Whoever asks is told, also who lacks a token to show: clients ask for one by such a method. */
function refusal(why: () => string) {
  return (_call: unknown, reply: sendUnaryData<never>) =>
    reply(serviceErrorFrom(new RpcError(RpcStatus.UNIMPLEMENTED, why())));
}

function serverStreaming(method: DescMethod, handler: StreamHandler, authorize: Authorize) {
  return async (call: ServerWritableStream<unknown, Buffer>) => {
    let wake = () => {};
    const taken = () => wake();
    call.on("cancelled", taken);
    try {
      const context = new CallContext(call);
      authorize(context);
      for await (const message of handler(call.request, context)) {
        if (call.cancelled) return;
        call.write(serialized(method, message), taken);
        while (call.writableLength > 0 && !call.cancelled) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      call.end();
    } catch (error) {
      call.emit("error", serviceErrorFrom(error));
    }
  };
}

class CallContext implements RpcContext {
  readonly #call: CancellableCall;
  /** Most handlers answer at once and never look at the signal, so it is made when somebody does. */
  #controller: AbortController | undefined;
  /** Nobody needs to hear any more that the caller is gone, which grpc-js says at the end of every call. */
  isAnswered = false;
  /** A property, so that it can be handed on alone. */
  readonly metadata = (name: string): string | undefined => this.#call.metadata.get(name)[0]?.toString();

  constructor(call: CancellableCall) {
    this.#call = call;
  }

  get signal(): AbortSignal {
    if (this.#controller) return this.#controller.signal;
    const controller = new AbortController();
    if (this.#call.cancelled) controller.abort(CALLER_GONE);
    else this.#call.on("cancelled", () => !this.isAnswered && controller.abort(CALLER_GONE));
    this.#controller = controller;
    return controller.signal;
  }
}

interface CancellableCall {
  readonly metadata: Metadata;
  readonly cancelled: boolean;
  on(event: "cancelled", listener: () => void): unknown;
}

/** One for all: an error with its stack each time would cost more than the call. */
const CALLER_GONE = new Error("The caller is gone.");

function unimplemented(why: () => string): () => never {
  return () => {
    throw new RpcError(RpcStatus.UNIMPLEMENTED, why());
  };
}
