import { type Client, connectivityState } from "@grpc/grpc-js";
import { Engine } from "../../proto/gen/engine_pb.js";
import { ModalClient as ModalService } from "../../proto/gen/modal_pb.js";
import { type RpcClient, rpcClient } from "../../proto/grpc/rpcClient.ts";
import { ConnectionError } from "../errors.ts";
import { openChannel, serverUrls } from "./channel.ts";

/** One server, and the channel to it. */
export interface Server {
  readonly url: string;
  readonly channel: Client;
  readonly rpc: RpcClient<typeof ModalService> & RpcClient<typeof Engine>;
}

export interface ServersOptions {
  /** Sent with every request. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Whether a proxy that the environment names is used. */
  readonly useProxy: boolean;
  /** How long a server has before the next one of the list is tried beside it. Default: that of Modal's Python SDK. */
  readonly staggerMs?: number;
  /** When connecting is given up. Default: that of Modal's Python SDK. */
  readonly connectTimeoutMs?: number;
}

const STAGGER_MS = 3_000;
const CONNECT_TIMEOUT_MS = 63_000;

/**
 * The servers of a comma list, all for the same account; requests go to the one that connects first. A server that stands alone is
 * connected by its first request, and does without the wait: whether it answers is soon known.
 */
export class Servers {
  readonly #urls: readonly [string, ...string[]];
  readonly #options: ServersOptions;
  readonly #open = new Set<Server>();
  #current: Server | undefined;
  #race: Promise<Server> | undefined;
  #endRace: (() => void) | undefined;

  /**
   * @param list one URL, or several with commas between them
   * @throws InvalidError when a URL cannot be used
   */
  constructor(list: string, options: ServersOptions) {
    this.#urls = serverUrls(list);
    this.#options = options;
    if (this.#urls.length === 1) this.#current = this.#connect(this.#urls[0]);
  }

  /**
   * The server to send a request to.
   *
   * @throws ConnectionError none of them can be reached
   */
  async current(): Promise<Server> {
    if (this.#current) return this.#current;
    this.#race ??= this.#raceAll();
    return this.#race;
  }

  /** Tells that the connection to a server was lost: all of the list are tried again, if there are others. */
  lost(server: Server): void {
    if (this.#urls.length === 1 || this.#current !== server) return;
    this.#current = undefined;
    this.#drop(server);
  }

  /** Frees all sockets. Who waits for a server waits no longer. May be called twice. */
  close(): void {
    this.#endRace?.();
    for (const server of this.#open) this.#drop(server);
  }

  #connect(url: string): Server {
    const channel = openChannel(url, this.#options.useProxy);
    const metadata = { ...this.#options.metadata, ...hostMetadata(url) };
    const rpc = {
      ...rpcClient(ModalService, channel, () => metadata),
      ...rpcClient(Engine, channel, () => metadata),
    };
    const server = { url, channel, rpc };
    this.#open.add(server);
    return server;
  }

  #drop(server: Server): void {
    this.#open.delete(server);
    server.channel.close();
  }

  #raceAll(): Promise<Server> {
    const { staggerMs = STAGGER_MS, connectTimeoutMs = CONNECT_TIMEOUT_MS } = this.#options;
    const waiting = [...this.#urls];
    const timers = new Set<NodeJS.Timeout>();
    const won = new Promise<Server>((resolve, reject) => {
      const startNext = () => {
        const url = waiting.shift();
        if (url === undefined) return;
        const server = this.#connect(url);
        const next = once(startNext);
        timers.add(setTimeout(next, staggerMs));
        watch(server.channel, { connected: () => resolve(server), failed: next });
      };
      this.#endRace = () => reject(this.#unreachable());
      timers.add(setTimeout(this.#endRace, connectTimeoutMs));
      startNext();
    });
    const tidy = (winner?: Server) => {
      waiting.length = 0;
      for (const timer of timers) clearTimeout(timer);
      for (const server of this.#open) if (server !== winner) this.#drop(server);
      this.#current = winner;
      this.#race = undefined;
    };
    won.then(tidy, () => tidy());
    return won;
  }

  #unreachable(): ConnectionError {
    return new ConnectionError(
      `Cannot reach any of the Modal servers ${this.#urls.join(", ")}; check the network, and the proxy if there is one.`,
    );
  }
}

/** Begins to connect, and tells of the first success and of every failure. grpc-js goes on trying by itself. */
function watch(client: Client, { connected, failed }: { connected: () => void; failed: () => void }): void {
  const channel = client.getChannel();
  const look = () => {
    const state = channel.getConnectivityState(true);
    if (state === connectivityState.READY) return connected();
    if (state === connectivityState.SHUTDOWN) return;
    if (state === connectivityState.TRANSIENT_FAILURE) failed();
    channel.watchConnectivityState(state, Infinity, look);
  };
  look();
}

/** Which of its names a server is asked by; one behind a socket file has none. */
function hostMetadata(url: string): Record<string, string> {
  const { hostname } = new URL(url);
  return hostname ? { "x-modal-host": hostname } : {};
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
