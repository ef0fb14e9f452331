import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { decode } from "cbor-x";
import { type Exchange, GONE, newExchangeId, type Received, requestArgs } from "./exchange.ts";

interface Piece {
  readonly raw: Uint8Array;
}

/** A connection that a client upgrades and the user's own server understands: bytes both ways, also those of the handshake. */
export class TunnelExchange implements Exchange {
  readonly id = newExchangeId();
  readonly args: Uint8Array;
  readonly #socket: Socket;
  readonly #response: ServerResponse;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #abort = new AbortController();
  #hasStarted = false;
  #position = 0;

  constructor(request: IncomingMessage, response: ServerResponse, head: Buffer) {
    this.args = requestArgs(request, this.id, "bytes");
    this.#socket = request.socket;
    this.#response = response;
    if (head.length > 0) this.#socket.unshift(head);
    this.#chunks = this.#socket.iterator({ destroyOnReturn: false });
    this.#socket.once("close", () => this.#abort.abort());
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isComplete(): boolean {
    return this.#socket.writableEnded;
  }

  async receive(position: number): Promise<Received | undefined> {
    if (position !== this.#position) return undefined;
    try {
      const { value, done } = await this.#chunks.next();
      if (done) return GONE;
      this.#position += value.length;
      return { value: { gone: false }, bytes: value };
    } catch {
      return GONE;
    }
  }

  async send(pieces: readonly Uint8Array[]): Promise<void> {
    if (!this.#hasStarted) this.#response.detachSocket(this.#socket);
    this.#hasStarted = true;
    for (const bytes of pieces) {
      const { raw }: Piece = decode(bytes);
      if (this.signal.aborted) return;
      if (this.#socket.write(raw)) continue;
      await once(this.#socket, "drain", { signal: this.signal }).catch(() => {}); // Gone: the caller sees it.
    }
  }

  end(): void {
    this.#socket.end();
  }

  fail(status: number, text: string): void {
    if (this.#hasStarted) this.#socket.destroy();
    else this.#response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  }

  async close(): Promise<void> {}
}
