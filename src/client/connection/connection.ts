import { LIBRARY_HEADER, READS_FILES } from "../../proto/valueFiles.ts";
import { ValueFolder } from "../blobs/valueFolder.ts";
import { ClientClosed, InvalidError } from "../errors.ts";
import { AuthToken } from "./authToken.ts";
import type { InputPlaneAddress, InputPlaneRpc, MethodName, ModalRpc, ServerRpc } from "./modalRpc.ts";
import { type Metadata, type MetadataOf, Requests } from "./requests.ts";
import { type Pause, pause, type RetryPolicy } from "./retry.ts";
import { Servers } from "./servers.ts";
import { valuesByFile } from "./valuesByFile.ts";

export type { ModalRpc } from "./modalRpc.ts";

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
  /**
   * The data folder of the engine at this URL, when that is the local engine and its files can be read here: large values go through it, at a
   * tenth of the time. Default: none.
   */
  readonly engineDataFolder?: string | undefined;
}

/** One attempt at `AuthTokenGet`. */
const AUTH_TOKEN_TIMEOUT_MS = 5_000;

/**
 * One account on its server, the control plane, and on the input planes that its functions name: what every request carries, and the
 * end of it all. Connects with the first request.
 */
export class Connection {
  /** The control plane's URL, as it was given. */
  readonly url: string;
  readonly rpc: ModalRpc;
  readonly #options: ConnectionOptions;
  readonly #wait: Pause;
  readonly #controlPlane: Requests;
  readonly #inputPlanes = new Map<string, Requests>();
  readonly #authToken: AuthToken;
  readonly #values: ValueFolder | undefined;
  readonly #closed = new AbortController();

  /**
   * @param wait how to wait between attempts at a request
   * @throws InvalidError when the URL or a token cannot be used
   */
  constructor(options: ConnectionOptions, wait: Pause = pause) {
    this.url = options.url;
    this.#options = options;
    this.#wait = wait;
    this.#values = options.engineDataFolder ? new ValueFolder(options.engineDataFolder) : undefined;
    this.#authToken = new AuthToken((retries) => this.#requestAuthToken(retries));
    this.#controlPlane = this.#requestsTo(options.url);
    this.rpc = {
      ...this.#rpc(this.#controlPlane, (name) => this.#controlPlaneMetadata(name)),
      inputPlane: (address) => this.#inputPlane(address),
      closed: this.#closed.signal,
      values: this.#values,
    };
  }

  /** Ends every request under way with `ClientClosed` and frees the sockets. May be called twice. */
  close(): void {
    this.#closed.abort(new ClientClosed(`The client of ${this.url} was closed; make a new one.`));
    for (const requests of [this.#controlPlane, ...this.#inputPlanes.values()]) requests.close();
  }

  #inputPlane({ url, region }: InputPlaneAddress): InputPlaneRpc {
    const requests = this.#inputPlanes.get(url) ?? this.#requestsTo(url);
    this.#inputPlanes.set(url, requests);
    if (this.#closed.signal.aborted) requests.close();
    return this.#rpc(requests, (name) => this.#inputPlaneMetadata(name, region));
  }

  #rpc(requests: Requests, metadataOf: MetadataOf): ServerRpc {
    const rpc = requests.rpc(metadataOf);
    return this.#values ? valuesByFile(rpc, this.#values) : rpc;
  }

  #requestsTo(url: string): Requests {
    const { useProxy = true, maxThrottleWaitMs } = this.#options;
    const servers = new Servers(url, { metadata: requestMetadata(this.#options), useProxy });
    return new Requests(url, servers, { maxThrottleWaitMs, wait: this.#wait });
  }

  async #controlPlaneMetadata(name: MethodName): Promise<Metadata> {
    // The one request that is made without a token is the one for it.
    return name === "authTokenGet" ? { ...this.#options.headers } : this.#withAuthToken({});
  }

  /** Modal's servers expect the stream of a generator's items without a token: so does Modal's Python SDK ask for it. */
  async #inputPlaneMetadata(name: MethodName, region: string): Promise<Metadata> {
    if (name === "functionCallGetDataOut") return { ...this.#options.headers };
    return this.#withAuthToken({ "x-modal-input-plane-region": region });
  }

  async #withAuthToken(metadata: Metadata): Promise<Metadata> {
    const token = await this.#authToken.current();
    return { ...metadata, ...(token && { "x-modal-auth-token": token }), ...this.#options.headers };
  }

  /** The token of the control plane is good for the input planes too. */
  async #requestAuthToken(retries: RetryPolicy): Promise<string> {
    const { token } = await this.rpc.authTokenGet({}, { retries, timeoutMs: AUTH_TOKEN_TIMEOUT_MS });
    return token;
  }
}

/** `CLIENT_TYPE_LIBMODAL_JS`, and the version that Modal's own JavaScript SDK claims: servers refuse what they take for too old. */
function requestMetadata({ tokenId, tokenSecret, engineDataFolder }: ConnectionOptions): Record<string, string> {
  if (!tokenId || !tokenSecret)
    throw new InvalidError("A token id and a token secret are needed to talk to a Modal server.");
  return {
    "x-modal-client-type": "8",
    "x-modal-client-version": "1.0.0",
    [LIBRARY_HEADER]: `spawnpoint/0.1.0${engineDataFolder ? READS_FILES : ""}`,
    "x-modal-token-id": tokenId,
    "x-modal-token-secret": tokenSecret,
  };
}
