import type { IncomingMessage, ServerResponse } from "node:http";
import { decode } from "cbor-x";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import { type Exchange, newExchangeId, type Received, requestArgs } from "./exchange.ts";

/** What a container yields for a websocket, in order: whether it accepts it, messages, the end. */
type Piece =
  | { readonly accept: string | null; readonly headers: readonly (readonly [string, string])[] }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly close: number; readonly reason: string };

const NORMAL = 1000;
const WENT_WRONG = 1011;
const NOT_SAID = 1006;
/** Messages that wait for the container; beyond that the client waits. */
const MAX_WAITING = 64;
const NOTHING = new Uint8Array();

/**
 * A websocket between a client and an app. The client's handshake is answered when the app has accepted it, so that it can be refused and
 * its subprotocol chosen. What the container is told are messages, not bytes.
 */
export class WebSocketExchange implements Exchange {
  readonly id = newExchangeId();
  readonly args: Uint8Array;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #head: Buffer;
  /** Never aborts: an app is told of the client's end, and ends by itself. */
  readonly signal = new AbortController().signal;
  /** An app may go on after the end of its connection. */
  readonly isComplete = false;
  readonly #messages: Received[] = [];
  #taken = 0;
  #arrived = (): void => {};
  #socket: WebSocket | undefined;
  #hasEnded = false;
  readonly #leftEarly = (): void => this.#ended(NOT_SAID, "");

  /** @param response the way to refuse the handshake */
  constructor(request: IncomingMessage, response: ServerResponse, head: Buffer) {
    this.args = requestArgs(request, this.id, "websocket");
    this.#request = request;
    this.#response = response;
    this.#head = head;
    request.socket.once("close", this.#leftEarly);
  }

  async receive(position: number): Promise<Received | undefined> {
    if (position !== this.#taken) return undefined;
    while (this.#messages.length === 0) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    const message = this.#messages.shift();
    this.#taken += 1;
    if (this.#messages.length < MAX_WAITING && this.#socket?.isPaused) this.#socket.resume();
    return message;
  }

  async send(pieces: readonly Uint8Array[]): Promise<void> {
    for (const bytes of pieces) {
      const piece: Piece = decode(bytes);
      if (this.#hasEnded) continue; // The app hears of it when it listens.
      if ("accept" in piece) this.#accept(piece.accept, piece.headers);
      else if ("close" in piece) this.#close(piece.close, piece.reason);
      else await this.#sendMessage("text" in piece ? piece.text : piece.bytes);
    }
  }

  end(): void {
    this.#close(NORMAL, "");
  }

  fail(status: number, text: string): void {
    if (this.#hasEnded) return;
    if (this.#socket) this.#close(WENT_WRONG, text);
    else this.#refuse(status, text);
  }

  async close(): Promise<void> {
    if (!this.#hasEnded) this.#socket?.terminate();
  }

  #accept(subprotocol: string | null, headers: readonly (readonly [string, string])[]): void {
    const server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      handleProtocols: () => subprotocol ?? false,
    });
    server.on("headers", (lines) => lines.push(...headers.map(([name, value]) => `${name}: ${value}`)));
    this.#request.socket.off("close", this.#leftEarly);
    this.#response.detachSocket(this.#request.socket);
    server.handleUpgrade(this.#request, this.#request.socket, this.#head, (socket) => this.#opened(socket));
  }

  #opened(socket: WebSocket): void {
    this.#socket = socket;
    socket.on("message", (data, isBinary) => {
      this.#put({ value: { message: isBinary ? "bytes" : "text" }, bytes: bytesOf(data) });
      if (this.#messages.length >= MAX_WAITING) socket.pause();
    });
    socket.on("error", () => {}); // `close` comes too, and says why.
    socket.on("close", (code, reason) => this.#ended(code, reason.toString("utf8")));
  }

  #sendMessage(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#socket?.send(data, () => resolve()) ?? resolve());
  }

  #close(code: number, reason: string): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    if (this.#socket) this.#socket.close(code, trimmed(reason));
    else this.#refuse(403, "The app does not accept this websocket.");
  }

  #refuse(status: number, text: string): void {
    this.#hasEnded = true;
    this.#response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  }

  #ended(code: number, reason: string): void {
    this.#hasEnded = true;
    this.#put({ value: { message: "disconnect", code, reason }, bytes: NOTHING });
  }

  #put(message: Received): void {
    this.#messages.push(message);
    this.#arrived();
  }
}

/** The protocol has room for 123 bytes. */
function trimmed(reason: string): string {
  let text = reason;
  while (Buffer.byteLength(text) > 123) text = text.slice(0, -1);
  return text;
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}
