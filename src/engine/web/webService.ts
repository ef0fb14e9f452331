import type { IncomingMessage, ServerResponse } from "node:http";
import {
  FunctionCallType as CallType,
  DataFormat,
  FunctionCallInvocationType as Invocation,
  GenericResult_GenericStatus as Status,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import type { PayloadFiles } from "../payloads/payloadFiles.ts";
import type { Scheduler } from "../scheduler/scheduler.ts";
import type { AppRecord } from "../store/appStore.ts";
import type { CallRecord } from "../store/callStore.ts";
import type { Store } from "../store/store.ts";
import { type Exchange, GONE, type Received } from "./exchange.ts";
import { HttpExchange } from "./httpExchange.ts";
import { refusalOf } from "./requestGuard.ts";
import { TunnelExchange } from "./tunnelExchange.ts";
import { preferredPort, type WebEndpoint, webEndpoints } from "./webEndpoint.ts";
import { WebServer } from "./webServer.ts";
import { WebSocketExchange } from "./webSocketExchange.ts";

interface Place {
  readonly store: Store;
  readonly scheduler: Scheduler;
  readonly payloads: PayloadFiles;
  /** Called at each request: an engine that is used stays. */
  onRequest(): void;
}

interface OpenEndpoint {
  endpoint: WebEndpoint;
  readonly server: WebServer;
}

const EVERYTHING = { after: 0, limits: { maxOutputs: 1, maxBytes: 0 } };

/**
 * The web endpoints of deployed apps, each on a port of its own. A request is a call of its function with one input, and its
 * response is what that input yields: so it has the function's containers, timeout, logs and statistics.
 */
export class WebService {
  readonly #place: Place;
  /** By app and label. */
  readonly #endpoints = new Map<string, OpenEndpoint>();
  /** By id. */
  readonly #exchanges = new Map<string, Exchange>();
  #recovered = (): void => {};
  readonly #isRecovered = new Promise<void>((resolve) => {
    this.#recovered = resolve;
  });

  constructor(place: Place) {
    this.#place = place;
  }

  /** Opens the ports of all apps that are deployed. Requests wait until {@link recover}. */
  async open(): Promise<void> {
    for (const app of this.#place.store.apps.list()) if (app.stoppedAt === undefined) await this.appDeployed(app);
  }

  /** Ends what the last engine left unfinished, for whoever sent it is gone with that engine. After the scheduler has recovered. */
  async recover(): Promise<void> {
    const { store, scheduler } = this.#place;
    const endpoints = [...this.#endpoints.values()].map(({ endpoint }) => endpoint);
    const served = new Set(endpoints.map((one) => `${this.#functionId(one)} ${one.methodName ?? ""}`));
    for (const call of store.calls.unfinished()) {
      const inputs = store.calls.pendingInputs(call.number);
      const isRequest = inputs.some(({ methodName }) => served.has(`${call.functionId} ${methodName ?? ""}`));
      if (isRequest) await scheduler.cancel(call, false);
    }
    this.#recovered();
  }

  /** Opens the ports of a version's endpoints, and closes those of endpoints that it does not have. */
  async appDeployed(app: AppRecord): Promise<void> {
    const endpoints = webEndpoints(app);
    this.#close(app.appId, new Set(endpoints.map(({ label }) => label)));
    for (const endpoint of endpoints) {
      const known = this.#endpoints.get(keyOf(endpoint));
      if (known) known.endpoint = endpoint;
      else await this.#listen(endpoint);
    }
  }

  appStopped(appId: string): void {
    this.#close(appId, new Set());
  }

  /** Where an endpoint listens; undefined for a function that is none. */
  url(appId: string, name: string): string | undefined {
    for (const { endpoint, server } of this.#endpoints.values()) {
      if (endpoint.appId === appId && endpoint.name === name) return server.url;
    }
    return undefined;
  }

  /**
   * What a client sends next, for the container that answers it.
   *
   * @param position how much of it the container has had already: bytes, or messages of a websocket
   * @param wantsEnd the container only waits for the end of the client
   * @throws RpcError DATA_LOSS when an earlier container has had it
   */
  async receive(exchangeId: string, position: number, wantsEnd: boolean): Promise<Received> {
    const exchange = this.#exchanges.get(exchangeId);
    if (!exchange) return GONE;
    const received = await exchange.receive(position, wantsEnd);
    if (received) return received;
    throw new RpcError(
      RpcStatus.DATA_LOSS,
      "The container that ran this request before has read its body; send it again.",
    );
  }

  close(): void {
    for (const { server } of this.#endpoints.values()) server.close();
    this.#endpoints.clear();
  }

  async #listen(endpoint: WebEndpoint): Promise<void> {
    const server = await WebServer.listen(preferredPort(endpoint.label), (request, response, head) => {
      const live = this.#endpoints.get(keyOf(endpoint))?.endpoint;
      if (live) void this.#answer(live, request, exchangeOf(live, request, response, head));
      else response.destroy();
    });
    this.#endpoints.set(keyOf(endpoint), { endpoint, server });
  }

  #close(appId: string, kept: ReadonlySet<string>): void {
    for (const [key, { endpoint, server }] of this.#endpoints) {
      if (endpoint.appId !== appId || kept.has(endpoint.label)) continue;
      server.close();
      this.#endpoints.delete(key);
    }
  }

  async #answer(endpoint: WebEndpoint, request: IncomingMessage, exchange: Exchange): Promise<void> {
    const refusal = refusalOf(request);
    this.#exchanges.set(exchange.id, exchange);
    try {
      if (refusal) exchange.fail(refusal.status, refusal.text);
      else await this.#run(endpoint, exchange);
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      exchange.fail(error instanceof RpcError ? 503 : 500, text);
    } finally {
      await exchange.close();
      this.#exchanges.delete(exchange.id);
    }
  }

  async #run(endpoint: WebEndpoint, exchange: Exchange): Promise<void> {
    await this.#isRecovered;
    const { scheduler, payloads } = this.#place;
    this.#place.onRequest();
    const args = await payloads.keep(exchange.args);
    const call = await scheduler.startCall({
      functionId: this.#functionId(endpoint),
      callType: CallType.UNARY,
      invocationType: Invocation.SYNC_LEGACY, // As generators are called, whose items are read while they come.
      parentInput: undefined,
      inputs: [{ index: 0, dataFormat: DataFormat.CBOR, methodName: endpoint.methodName, args }],
      closed: true,
    });
    try {
      await this.#send(call, exchange);
    } catch (error) {
      await scheduler.cancel(call, false); // Nobody takes the rest of it.
      throw error;
    }
    if (exchange.signal.aborted) await scheduler.cancel(call, false);
    else if (!exchange.isComplete) await this.#end(endpoint, call, exchange);
  }

  async #send(call: CallRecord, exchange: Exchange): Promise<void> {
    const { scheduler, payloads } = this.#place;
    for (let last = 0; ; ) {
      const wanted = [call.functionCallId, last, Number.POSITIVE_INFINITY, exchange.signal] as const;
      const { items, ended } = await scheduler.itemsAfter(...wanted);
      if (ended || exchange.signal.aborted) return;
      await exchange.send(items.map(({ data }) => payloads.read(data)));
      if (exchange.isComplete) return;
      last = items.at(-1)?.index ?? last;
    }
  }

  /** Where the function has failed, why is in its log, for whoever looks at this machine. */
  async #end(endpoint: WebEndpoint, call: CallRecord, exchange: Exchange): Promise<void> {
    const { outputs } = await this.#place.scheduler.outputs(call.functionCallId, EVERYTHING, 0);
    const status = outputs[0]?.status;
    if (status === Status.SUCCESS) exchange.end();
    else if (status === Status.TIMEOUT) exchange.fail(504, `${endpoint.name} took longer than its timeout.`);
    else if (status === Status.TERMINATED) exchange.fail(503, `${endpoint.name} was cancelled.`);
    else exchange.fail(500, `${endpoint.name} failed; its log says why.`);
  }

  #functionId({ appId, functionName, name }: WebEndpoint): string {
    const found = this.#place.store.apps.functions(appId).find((candidate) => candidate.name === functionName);
    if (!found) throw new RpcError(RpcStatus.NOT_FOUND, `${name} is no longer deployed.`);
    return found.functionId;
  }
}

/** A client that asks for another protocol than its endpoint has gets an answer by HTTP, as that protocol allows. */
function exchangeOf(
  { kind }: WebEndpoint,
  request: IncomingMessage,
  response: ServerResponse,
  head: Buffer | undefined,
): Exchange {
  if (head && kind === "web_server") return new TunnelExchange(request, response, head);
  const isWebSocket = request.headers.upgrade?.toLowerCase() === "websocket";
  if (head && isWebSocket && kind !== "wsgi_app") return new WebSocketExchange(request, response, head);
  return new HttpExchange(request, response);
}

/** Apps that are run may have the labels of others. */
function keyOf({ appId, label }: WebEndpoint): string {
  return `${appId} ${label}`;
}
