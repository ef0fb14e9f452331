import type { RpcOptions } from "../../proto/grpc/rpcClient.ts";
import { RpcError } from "../../proto/grpc/rpcError.ts";
import { ClientClosed } from "../errors.ts";
import { METHODS, type MethodName, type RequestOptions, type ServerRpc } from "./modalRpc.ts";
import { DEFAULT_RETRIES, type RetryLimits, retrying } from "./retry.ts";
import { errorFromRpc, isConnectionLost } from "./rpcFailure.ts";
import type { Server, Servers } from "./servers.ts";

/** Metadata of one request. */
export type Metadata = Readonly<Record<string, string>>;

/** What a request to this method carries besides the servers' own metadata. */
export type MetadataOf = (name: MethodName) => Promise<Metadata>;

/** The requests to one server, or to a list of equal ones: their retries, their failures, and the end of them all. */
export class Requests {
  readonly #url: string;
  readonly #servers: Servers;
  readonly #limits: Pick<RetryLimits, "maxThrottleWaitMs" | "wait">;
  readonly #inFlight = new Set<AbortController>();
  #closed = false;

  /**
   * @param url as the user gave it, for messages
   * @param limits of every request
   */
  constructor(url: string, servers: Servers, limits: Pick<RetryLimits, "maxThrottleWaitMs" | "wait">) {
    this.#url = url;
    this.#servers = servers;
    this.#limits = limits;
  }

  /** Modal's RPCs at these servers. */
  rpc(metadataOf: MetadataOf): ServerRpc {
    const rpc: Record<string, unknown> = {};
    for (const [key, method] of Object.entries(METHODS)) {
      const name = key as MethodName;
      rpc[name] =
        method.methodKind === "unary"
          ? (request: object, options?: RequestOptions) => this.#unary(name, metadataOf, request, options)
          : (request: object, options?: RequestOptions) => this.#stream(name, metadataOf, request, options);
    }
    return rpc as ServerRpc;
  }

  /** Ends every request under way with {@link ClientClosed} and frees the sockets. May be called twice. */
  close(): void {
    this.#closed = true;
    for (const request of this.#inFlight) request.abort(this.#closedError());
    this.#servers.close();
  }

  async #unary(name: MethodName, metadataOf: MetadataOf, request: object, options: RequestOptions = {}) {
    using scope = this.#openScope(options.signal);
    const { signal } = scope;
    const { retries = DEFAULT_RETRIES, totalTimeoutMs, retrySignal } = options;
    const limits = { ...this.#limits, totalTimeoutMs, retrySignal };
    try {
      return await retrying(retries, signal, limits, async (attempt, remainingMs) => {
        const { server, metadata } = await this.#ready(name, metadataOf, signal);
        const call = server.rpc[name] as UnaryRpc;
        const timeoutMs = Math.min(options.timeoutMs ?? Infinity, remainingMs);
        const limit = Number.isFinite(timeoutMs) ? { timeoutMs } : {};
        return this.#watched(server, call(request, { signal, metadata: { ...attempt, ...metadata }, ...limit }));
      });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async *#stream(
    name: MethodName,
    metadataOf: MetadataOf,
    request: object,
    options: RequestOptions = {},
  ): AsyncGenerator<readonly unknown[]> {
    using scope = this.#openScope(options.signal);
    const { signal } = scope;
    try {
      const { server, metadata } = await this.#ready(name, metadataOf, signal);
      const call = server.rpc[name] as StreamRpc;
      yield* call(request, { signal, metadata });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** The server to ask, and what the request carries. */
  async #ready(name: MethodName, metadataOf: MetadataOf, signal: AbortSignal) {
    signal.throwIfAborted();
    const ready = async () => ({ server: await this.#servers.current(), metadata: await metadataOf(name) });
    return untilAborted(ready(), signal);
  }

  /** Passes a request's outcome on, and tells when it shows that the server is gone. */
  async #watched(server: Server, outcome: Promise<unknown>): Promise<unknown> {
    try {
      return await outcome;
    } catch (error) {
      if (error instanceof RpcError && isConnectionLost(error)) this.#servers.lost(server);
      throw error;
    }
  }

  /** A signal that follows the caller's and the end of all requests, and lets go of both when disposed. */
  #openScope(callerSignal: AbortSignal | undefined): Disposable & { readonly signal: AbortSignal } {
    if (this.#closed) throw this.#closedError();
    callerSignal?.throwIfAborted();
    const controller = new AbortController();
    const follow = () => controller.abort(callerSignal?.reason);
    callerSignal?.addEventListener("abort", follow);
    this.#inFlight.add(controller);
    return {
      signal: controller.signal,
      [Symbol.dispose]: () => {
        callerSignal?.removeEventListener("abort", follow);
        this.#inFlight.delete(controller);
      },
    };
  }

  #explain(error: unknown): unknown {
    return error instanceof RpcError ? errorFromRpc(error, this.#url) : error;
  }

  #closedError(): ClientClosed {
    return new ClientClosed(`The client of ${this.#url} was closed; make a new one.`);
  }
}

type UnaryRpc = (request: object, options: RpcOptions) => Promise<unknown>;
type StreamRpc = (request: object, options: RpcOptions) => AsyncIterable<readonly unknown[]>;

/** Waits for something that others wait for too: an abort ends the waiting only. */
function untilAborted<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
