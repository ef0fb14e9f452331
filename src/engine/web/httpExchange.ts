import type { IncomingMessage, ServerResponse } from "node:http";
import { type Exchange, newExchangeId, type Received, requestArgs } from "./exchange.ts";
import { RequestBody } from "./requestBody.ts";
import { WebResponse } from "./webResponse.ts";

/** A request that is being answered. */
export class HttpExchange implements Exchange {
  readonly id = newExchangeId();
  readonly #request: IncomingMessage;
  readonly #body: RequestBody;
  readonly #response: WebResponse;
  readonly #abort = new AbortController();

  constructor(request: IncomingMessage, response: ServerResponse) {
    this.#request = request;
    this.#body = new RequestBody(request, response);
    this.#response = new WebResponse(response, this.signal);
    response.once("close", () => {
      if (!response.writableFinished) this.#abort.abort();
    });
  }

  get args(): Uint8Array {
    return requestArgs(this.#request, this.id);
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get isComplete(): boolean {
    return this.#response.isComplete;
  }

  receive(position: number, wantsEnd: boolean): Promise<Received | undefined> {
    return wantsEnd ? this.#body.responded() : this.#body.receive(position);
  }

  send(pieces: readonly Uint8Array[]): Promise<void> {
    return this.#response.send(pieces);
  }

  end(): void {
    this.fail(500, "The endpoint ended before its response did.");
  }

  fail(status: number, text: string): void {
    this.#response.fail(status, text);
  }

  close(): Promise<void> {
    return this.#body.drain();
  }
}
