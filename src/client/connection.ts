import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { ModalClient as ModalService } from "../proto/gen/modal_pb.js";
import type { RpcOptions } from "../proto/grpc/rpcClient.ts";
import { RpcError } from "../proto/grpc/rpcError.ts";
import { AuthToken } from "./authToken.ts";
import { ClientClosed, InvalidError } from "./errors.ts";
import { DEFAULT_RETRIES, type RetryPolicy, retrying } from "./retry.ts";
import { errorFromRpc, isConnectionLost } from "./rpcFailure.ts";
import { type Server, Servers } from "./servers.ts";

/** Where a server is and who asks. */
export interface ConnectionOptions {
  /**
   * `https://host[:port]` (TLS), `http://host[:port]` or `unix:///path` (plain text, for a server on this machine). Several with
   * commas between them are servers for the same account: the first that can be reached is used.
   */
  readonly url: string;
  /** `ak-…` */
  readonly tokenId: string;
  /** `as-…` */
  readonly tokenSecret: string;
  /** Added to the metadata of every request, and the last word there. Lower-case names. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a proxy that the environment names (`https_proxy`, `http_proxy`, `no_proxy`) is used. Default: true. */
  readonly useProxy?: boolean;
  /**
   * How long a request may be put off in all by a server that is busy, in milliseconds; 0: not at all. Default: as long as the server
   * says.
   */
  readonly maxThrottleWaitMs?: number | undefined;
}

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

type Methods = (typeof ModalService)["method"];

/** Modal's RPCs by name, retried, with failures as errors of `errors.ts`. An abort rejects with the signal's reason. */
export type ModalRpc = {
  readonly [K in keyof Methods]: Methods[K]["methodKind"] extends "unary"
    ? (
        request: MessageInitShape<Methods[K]["input"]>,
        options?: RequestOptions,
      ) => Promise<MessageShape<Methods[K]["output"]>>
    : (
        request: MessageInitShape<Methods[K]["input"]>,
        options?: Pick<RequestOptions, "signal">,
      ) => AsyncIterable<MessageShape<Methods[K]["output"]>>;
};

/** One attempt at `AuthTokenGet`. */
const AUTH_TOKEN_TIMEOUT_MS = 5_000;

type MethodName = keyof Methods;

/** One account on its server: what every request carries, retries, and the end of it all. Connects with the first request. */
export class Connection {
  /** The server's URL, as it was given. */
  readonly url: string;
  readonly rpc: ModalRpc;
  readonly #servers: Servers;
  readonly #authToken: AuthToken;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #maxThrottleWaitMs: number | undefined;
  readonly #inFlight = new Set<AbortController>();
  #closed = false;

  /** @throws InvalidError when the URL or a token cannot be used */
  constructor(options: ConnectionOptions) {
    this.url = options.url;
    this.#headers = options.headers ?? {};
    this.#maxThrottleWaitMs = options.maxThrottleWaitMs;
    this.#servers = new Servers(options.url, {
      metadata: requestMetadata(options),
      useProxy: options.useProxy ?? true,
    });
    this.#authToken = new AuthToken((retries) => this.#requestAuthToken(retries));
    this.rpc = this.#retriedRpc();
  }

  /** Ends every request under way with {@link ClientClosed} and frees the socket. May be called twice. */
  close(): void {
    this.#closed = true;
    for (const request of this.#inFlight) request.abort(this.#closedError());
    this.#servers.close();
  }

  #retriedRpc(): ModalRpc {
    const rpc: Record<string, unknown> = {};
    for (const [key, method] of Object.entries(ModalService.method)) {
      const name = key as MethodName;
      rpc[name] =
        method.methodKind === "unary"
          ? (request: object, options?: RequestOptions) => this.#unary(name, request, options)
          : (request: object, options?: RequestOptions) => this.#stream(name, request, options);
    }
    return rpc as ModalRpc;
  }

  async #unary(name: MethodName, request: object, options: RequestOptions = {}): Promise<unknown> {
    using scope = this.#openScope(options.signal);
    const { signal } = scope;
    const { retries = DEFAULT_RETRIES, totalTimeoutMs, retrySignal } = options;
    const limits = { totalTimeoutMs, retrySignal, maxThrottleWaitMs: this.#maxThrottleWaitMs };
    try {
      return await retrying(retries, signal, limits, async (attempt, remainingMs) => {
        const { server, metadata } = await this.#ready(name, signal);
        const call = server.rpc[name] as UnaryRpc;
        const timeoutMs = Math.min(options.timeoutMs ?? Infinity, remainingMs);
        const limit = Number.isFinite(timeoutMs) ? { timeoutMs } : {};
        return this.#watched(server, call(request, { signal, metadata: { ...attempt, ...metadata }, ...limit }));
      });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async *#stream(name: MethodName, request: object, options: RequestOptions = {}): AsyncGenerator<unknown> {
    using scope = this.#openScope(options.signal);
    const { signal } = scope;
    try {
      const { server, metadata } = await this.#ready(name, signal);
      const call = server.rpc[name] as StreamRpc;
      yield* call(request, { signal, metadata });
    } catch (error) {
      throw this.#explain(error);
    }
  }

  /** The server to ask, and what the request carries besides the credentials. */
  async #ready(name: MethodName, signal: AbortSignal) {
    signal.throwIfAborted();
    const server = await untilAborted(this.#servers.current(), signal);
    // The one request that is made without a token is the one for it.
    const token = name === "authTokenGet" ? undefined : await untilAborted(this.#authToken.current(), signal);
    return { server, metadata: { ...(token && { "x-modal-auth-token": token }), ...this.#headers } };
  }

  async #requestAuthToken(retries: RetryPolicy): Promise<string> {
    const { token } = await this.rpc.authTokenGet({}, { retries, timeoutMs: AUTH_TOKEN_TIMEOUT_MS });
    return token;
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

  /** A signal that follows the caller's and this connection's end, and lets go of both when disposed. */
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
    return error instanceof RpcError ? errorFromRpc(error, this.url) : error;
  }

  #closedError(): ClientClosed {
    return new ClientClosed(`The client of ${this.url} was closed; make a new one.`);
  }
}

type UnaryRpc = (request: object, options: RpcOptions) => Promise<unknown>;
type StreamRpc = (request: object, options: RpcOptions) => AsyncIterable<unknown>;

/** Waits for something that others wait for too: an abort ends the waiting only. */
function untilAborted<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    shared.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

/** `CLIENT_TYPE_LIBMODAL_JS`, and the version that Modal's own JavaScript SDK claims: servers refuse what they take for too old. */
function requestMetadata({ tokenId, tokenSecret }: ConnectionOptions): Record<string, string> {
  if (!tokenId || !tokenSecret)
    throw new InvalidError("A token id and a token secret are needed to talk to a Modal server.");
  return {
    "x-modal-client-type": "8",
    "x-modal-client-version": "1.0.0",
    "x-modal-libmodal-version": "spawnpoint/0.1.0",
    "x-modal-token-id": tokenId,
    "x-modal-token-secret": tokenSecret,
  };
}
