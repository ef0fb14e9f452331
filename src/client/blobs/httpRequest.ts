import { type IncomingHttpHeaders, type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { ExecutionError } from "../errors.ts";

/** A request to the storage that keeps blobs. */
export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST";
  /** Signed by the server for this one purpose, so what it says beyond the host is a secret. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, without a copy. */
  readonly body?: Uint8Array;
  readonly signal: AbortSignal;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Uint8Array;
}

/** How long nothing at all may move on a connection. */
const IDLE_LIMIT_MS = 60_000;

/**
 * Makes one request. Node's own client, since `fetch` copies what it sends, and collects what it receives before it joins it. A proxy
 * is used where Node's global agents use one (`NODE_USE_ENV_PROXY`, or the settings of VS Code in its extension host).
 *
 * @throws ExecutionError when the URL is none, or the connection fails or ends early; the signal's reason when aborted
 */
export async function sendRequest({ method, url, headers, body, signal }: HttpRequest): Promise<HttpResponse> {
  signal.throwIfAborted();
  const target = storageUrl(url);
  const open = target.protocol === "https:" ? requestHttps : requestHttp;
  try {
    return await new Promise<HttpResponse>((resolve, reject) => {
      const length = body && { "Content-Length": String(body.length) };
      const request = open(target, { method, headers: { ...headers, ...length }, timeout: IDLE_LIMIT_MS, signal });
      request.on("timeout", () => request.destroy(new Error(`nothing was received for ${IDLE_LIMIT_MS / 1_000} s`)));
      request.on("error", reject);
      request.on("response", (response) => {
        bodyOf(response).then(
          (received) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received }),
          reject,
        );
      });
      request.end(body);
    });
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message || error.name : String(error);
    throw new ExecutionError(`The connection to the storage at ${target.host} failed (${reason}).`, { cause: error });
  }
}

/** @throws ExecutionError, without the URL, when it cannot be one of a storage */
export function storageUrl(url: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === "https:" || parsed?.protocol === "http:") return parsed;
  throw new ExecutionError("The server named no usable address for a blob.");
}

async function bodyOf(response: IncomingMessage): Promise<Uint8Array> {
  const length = Number(response.headers["content-length"] ?? Number.NaN);
  return Number.isSafeInteger(length) ? bodyOfLength(response, length) : bodyOfChunks(response);
}

/** Fills one buffer of the announced size, so that a large body is in memory once. */
async function bodyOfLength(response: IncomingMessage, length: number): Promise<Uint8Array> {
  const body = Buffer.allocUnsafeSlow(length);
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) size += chunk.copy(body, size);
  if (size < length) throw new Error(`it ended after ${size} of ${length} bytes`);
  return body;
}

async function bodyOfChunks(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
