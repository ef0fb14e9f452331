import type { IncomingMessage, ServerResponse } from "node:http";
import { GONE, type Received } from "./exchange.ts";

const NOTHING = new Uint8Array();

/** The body of a request, which is read as fast as the container asks for it. */
export class RequestBody {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #closed: Promise<void>;
  #position = 0;

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#chunks = request[Symbol.asyncIterator]();
    this.#closed = new Promise((resolve) => response.once("close", resolve));
  }

  /**
   * The next bytes.
   *
   * @param offset how many the container has had already
   * @returns undefined when others have had what it wants
   */
  async receive(offset: number): Promise<Received | undefined> {
    if (offset !== this.#position) return undefined;
    try {
      const { value, done } = await this.#chunks.next();
      const bytes: Uint8Array = done ? NOTHING : value;
      this.#position += bytes.length;
      return { value: { more_body: !done, gone: false }, bytes };
    } catch {
      return GONE; // The client left in the middle of it.
    }
  }

  /** Resolves when the response has ended, or the client has. */
  async responded(): Promise<Received> {
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
