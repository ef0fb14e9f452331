import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Encoder } from "cbor-x";

/** What a container has asked for of what a client sends. */
export interface Received {
  /** In the Python side's names. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
}

const NOTHING = new Uint8Array();
/** Nobody waits for the answer any more. */
export const GONE: Received = { value: { gone: true }, bytes: NOTHING };

/** What a client and a container have with each other: a request and its response, or a connection that stays open. */
export interface Exchange {
  readonly id: string;
  /** The arguments of the input, as CBOR. */
  readonly args: Uint8Array;
  /** Aborts when nobody takes the answer any more. */
  readonly signal: AbortSignal;
  /** The client has had everything, and nothing more can come of the container. */
  readonly isComplete: boolean;
  /**
   * What the client sends next.
   *
   * @param position how much of it the container has had already
   * @param wantsEnd the container only waits for the end of the client
   * @returns undefined when others have had what it wants
   */
  receive(position: number, wantsEnd: boolean): Promise<Received | undefined>;
  /** Passes on what the container yields; resolves when there is room for more, or the client is gone. */
  send(pieces: readonly Uint8Array[]): Promise<void>;
  /** The container is done, and yields no more. */
  end(): void;
  /** Says that there is no answer, as far as that can still be said. */
  fail(status: number, text: string): void;
  /** Lets go of the client. */
  close(): Promise<void>;
}

/** How a connection goes on that a client wants to be more than a request. */
export type Upgrade = "websocket" | "bytes";

const cbor = new Encoder({ useRecords: false, tagUint8Array: false, variableMapSize: true });

/** The arguments of an input that is a request: the request without its body. */
export function requestArgs(request: IncomingMessage, id: string, upgrade?: Upgrade): Uint8Array {
  const { method = "GET", url = "/", httpVersion, rawHeaders, headers, socket } = request;
  const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
  const described = {
    method,
    target: url.startsWith("/") || url === "*" ? url : pathOf(url),
    headers: Array.from({ length: rawHeaders.length / 2 }, (_, index) => rawHeaders.slice(2 * index, 2 * index + 2)),
    http_version: httpVersion,
    client: [socket.remoteAddress ?? "", socket.remotePort ?? 0],
    server: [socket.localAddress ?? "", socket.localPort ?? 0],
    has_body: hasBody,
    upgrade: upgrade ?? null,
    request_id: id,
  };
  return cbor.encode([[described], {}]);
}

export function newExchangeId(): string {
  return randomUUID();
}

function pathOf(url: string): string {
  if (!URL.canParse(url)) return "/";
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
