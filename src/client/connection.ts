import type { MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Client, type ClientOptions, credentials } from "@grpc/grpc-js";
import { ModalClient as ModalService } from "../proto/gen/modal_pb.js";
import { type RpcOptions, rpcClient } from "../proto/grpc/rpcClient.ts";
import { RpcError } from "../proto/grpc/rpcError.ts";
import { ClientClosed, InvalidError } from "./errors.ts";
import { DEFAULT_RETRIES, type RetryPolicy, retrying } from "./retry.ts";
import { errorFromRpc } from "./rpcFailure.ts";

/** Where a server is and who asks. */
export interface ConnectionOptions {
  /** `https://host[:port]` (TLS) or `http://host[:port]` (plain text, for a server on this machine). */
  readonly url: string;
  /** `ak-…` */
  readonly tokenId: string;
  /** `as-…` */
  readonly tokenSecret: string;
}

/** How one request is made. */
export interface RequestOptions {
  /** Limit of each attempt in milliseconds. Default: none. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default: Modal's three retries. */
  readonly retries?: RetryPolicy | undefined;
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

const MIB = 1024 * 1024;

/** Limits, window and keepalive of Modal's own SDKs. */
const CHANNEL_OPTIONS: ClientOptions = {
  "grpc.max_receive_message_length": 100 * MIB,
  "grpc.max_send_message_length": 100 * MIB,
  "grpc-node.flow_control_window": 64 * MIB,
  "grpc.keepalive_time_ms": 30_000,
  "grpc.keepalive_timeout_ms": 10_000,
  "grpc.keepalive_permit_without_calls": 1,
  // A server that was restarted on this machine is found again at once.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 5_000,
  // Channels that share sockets would outlive the close of their client.
  "grpc.use_local_subchannel_pool": 1,
};

/** One server: the channel, what every request carries, retries, and the end of it all. Connects with the first request. */
export class Connection {
  /** The server's URL, as it was given. */
  readonly url: string;
  readonly rpc: ModalRpc;
  readonly #channel: Client;
  readonly #inFlight = new Set<AbortController>();
  #closed = false;

  /** @throws InvalidError when the URL or a token cannot be used */
  constructor(options: ConnectionOptions) {
    this.url = options.url;
    this.#channel = openChannel(options.url);
    this.rpc = this.#retriedRpc(requestMetadata(options));
  }

  /** Ends every request under way with {@link ClientClosed} and frees the socket. May be called twice. */
  close(): void {
    this.#closed = true;
    for (const request of this.#inFlight) request.abort(this.#closedError());
    this.#channel.close();
  }

  #retriedRpc(metadata: Record<string, string>): ModalRpc {
    const plain: Record<string, unknown> = rpcClient(ModalService, this.#channel, () => metadata);
    const rpc: Record<string, unknown> = {};
    for (const [name, method] of Object.entries(ModalService.method)) {
      rpc[name] =
        method.methodKind === "unary"
          ? (request: object, options?: RequestOptions) => this.#unary(plain[name] as UnaryRpc, request, options)
          : (request: object, options?: RequestOptions) => this.#stream(plain[name] as StreamRpc, request, options);
    }
    return rpc as ModalRpc;
  }

  async #unary(call: UnaryRpc, request: object, options: RequestOptions = {}): Promise<unknown> {
    using scope = this.#openScope(options.signal);
    const { signal } = scope;
    try {
      return await retrying(options.retries ?? DEFAULT_RETRIES, signal, (metadata) =>
        call(request, { signal, metadata, timeoutMs: options.timeoutMs }),
      );
    } catch (error) {
      throw this.#explain(error);
    }
  }

  async *#stream(call: StreamRpc, request: object, options: RequestOptions = {}): AsyncGenerator<unknown> {
    using scope = this.#openScope(options.signal);
    try {
      yield* call(request, { signal: scope.signal });
    } catch (error) {
      throw this.#explain(error);
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

function openChannel(url: string): Client {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol !== "http:" && parsed?.protocol !== "https:") {
    throw new InvalidError(`"${url}" is not the URL of a server; use the form https://host or http://127.0.0.1:port.`);
  }
  const isSecure = parsed.protocol === "https:";
  const address = `dns:${parsed.hostname}:${parsed.port || (isSecure ? "443" : "80")}`;
  const isLoopback = /^(127\.|localhost$|\[::1\]$)/.test(parsed.hostname);
  return new Client(address, isSecure ? credentials.createSsl() : credentials.createInsecure(), {
    ...CHANNEL_OPTIONS,
    // A proxy from the environment cannot reach this machine's loopback.
    "grpc.enable_http_proxy": isLoopback ? 0 : 1,
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
