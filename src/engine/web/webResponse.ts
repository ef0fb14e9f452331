import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { decode } from "cbor-x";

/** What a container yields for a request: first the head, then the body in pieces. */
type Piece =
  | { readonly status: number; readonly headers: readonly (readonly [string, string])[] }
  | { readonly body: Uint8Array; readonly more_body: boolean };

/** They are about one connection (RFC 9110, 7.6.1); this one is Node's to look after. */
const OF_ONE_CONNECTION: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/** A response that is sent as its pieces come, at the pace of the client. */
export class WebResponse {
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;

  /** @param signal aborts when the client is gone */
  constructor(response: ServerResponse, signal: AbortSignal) {
    this.#response = response;
    this.#signal = signal;
  }

  get isComplete(): boolean {
    return this.#response.writableEnded;
  }

  /**
   * Sends some pieces; resolves when there is room for more, or the client is gone.
   *
   * @throws TypeError for a head that HTTP does not allow
   */
  async send(pieces: readonly Uint8Array[]): Promise<void> {
    for (const bytes of pieces) {
      if (this.#signal.aborted) return;
      const piece: Piece = decode(bytes);
      if ("status" in piece) this.#response.writeHead(piece.status, headersOf(piece.headers));
      else await this.#sendBody(piece.body, piece.more_body);
    }
    // Whoever waits for events sees at once that the stream is there. flushHeaders() would send Latin-1 as UTF-8.
    if (this.#response.headersSent && !this.isComplete) this.#response.write("", "latin1");
  }

  /** Says that there is no response: in words where nothing was sent, otherwise by ending the connection. */
  fail(status: number, text: string): void {
    if (this.isComplete) return;
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(`${text}\n`);
  }

  async #sendBody(body: Uint8Array, moreBody: boolean): Promise<void> {
    if (!moreBody) {
      this.#response.end(body);
      return;
    }
    if (body.length === 0 || this.#response.write(body)) return;
    await once(this.#response, "drain", { signal: this.#signal }).catch(() => {}); // Gone: the caller sees it.
  }
}

/** Name and value in turn, as Node takes headers of which some may be there twice. */
function headersOf(headers: readonly (readonly [string, string])[]): string[] {
  return headers.filter(([name]) => !OF_ONE_CONNECTION.has(name.toLowerCase())).flat();
}
