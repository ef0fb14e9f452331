import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Encoder } from "cbor-x";

/** Some of a request's body. */
export interface ReceivedBody {
  readonly bytes: Uint8Array;
  readonly moreBody: boolean;
  /** Nobody waits for the response any more. */
  readonly gone: boolean;
}

const NOTHING = new Uint8Array();
export const GONE: ReceivedBody = { bytes: NOTHING, moreBody: false, gone: true };
const cbor = new Encoder({ useRecords: false, tagUint8Array: false, variableMapSize: true });

/** A request that is being answered. Its body is read as fast as the container asks for it. */
export class WebRequest {
  readonly id = randomUUID();
  readonly #request: IncomingMessage;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #closed: Promise<void>;
  readonly #abort = new AbortController();
  #position = 0;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#chunks = request[Symbol.asyncIterator]();
    this.#closed = new Promise((resolve) => response.once("close", resolve));
    response.once("close", () => {
      if (!response.writableFinished) this.#abort.abort();
    });
  }

  /** Aborts when the client goes before it has the response. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** The arguments of the input: the request without its body, as CBOR. */
  args(): Uint8Array {
    const { method = "GET", url = "/", httpVersion, rawHeaders, headers, socket } = this.#request;
    const hasBody = headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
    const request = {
      method,
      target: url.startsWith("/") || url === "*" ? url : pathOf(url),
      headers: Array.from({ length: rawHeaders.length / 2 }, (_, index) => rawHeaders.slice(2 * index, 2 * index + 2)),
      http_version: httpVersion,
      client: [socket.remoteAddress ?? "", socket.remotePort ?? 0],
      server: [socket.localAddress ?? "", socket.localPort ?? 0],
      has_body: hasBody,
      request_id: this.id,
    };
    return cbor.encode([[request], {}]);
  }

  /**
   * The next bytes of the body.
   *
   * @param offset how many the container has had already
   * @returns undefined when others have had what it wants
   */
  async receive(offset: number): Promise<ReceivedBody | undefined> {
    if (offset !== this.#position) return undefined;
    try {
      const { value, done } = await this.#chunks.next();
      const bytes: Uint8Array = done ? NOTHING : value;
      this.#position += bytes.length;
      return { bytes, moreBody: !done, gone: false };
    } catch {
      return GONE; // The client left in the middle of it.
    }
  }

  /** Resolves when the response has ended, or the client has. */
  async ended(): Promise<ReceivedBody> {
    await this.#closed;
    return GONE;
  }

  /** Reads what no container wanted, so that the connection can carry the next request. */
  async drain(): Promise<void> {
    try {
      while (!(await this.#chunks.next()).done);
    } catch {
      // The client is gone, and so is the connection.
    }
  }
}

function pathOf(url: string): string {
  if (!URL.canParse(url)) return "/";
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
