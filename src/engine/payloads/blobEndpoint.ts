import { constants, createReadStream } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished, pipeline } from "node:stream/promises";
import { HttpFailure } from "./httpFailure.ts";
import type { PayloadFiles } from "./payloadFiles.ts";
import { type Facts, SignedUrls } from "./signedUrls.ts";
import { type UploadFacts, Uploads } from "./uploads.ts";

/** Whole files up to this size are sent in one piece. */
const SEND_AS_ONE_BYTES = 4 * 1024 * 1024;
const STREAM_CHUNK_BYTES = 1024 * 1024;
/** Longer than clients rest between two blobs, so that a connection is rarely closed while they send on it. */
const KEEP_ALIVE_MS = 60_000;
/** Nothing outside of this machine may reach it. */
const LOOPBACK = "127.0.0.1";

/** No blob has this for its id. */
const FILE_PATH = "/file";

/** Of a file, in bytes. */
interface FileRange {
  readonly start: number;
  readonly length: number;
}

/** The URLs of an upload in parts. */
export interface PartUrls {
  readonly partLength: number;
  readonly uploadUrls: string[];
  readonly completionUrl: string;
}

/** Blobs by HTTP, as clients of Modal expect it of its storage. Whoever has no URL that was made for him gets nothing. */
export class BlobEndpoint {
  readonly #files: PayloadFiles;
  readonly #uploads: Uploads;
  readonly #urls = new SignedUrls();
  readonly #server: Server;

  static async start(files: PayloadFiles): Promise<BlobEndpoint> {
    const endpoint = new BlobEndpoint(files);
    await new Promise<void>((resolve, reject) => {
      endpoint.#server.once("error", reject).listen(0, LOOPBACK, resolve);
    });
    return endpoint;
  }

  private constructor(files: PayloadFiles) {
    this.#files = files;
    this.#uploads = new Uploads(files);
    this.#server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
      void this.#answer(request, response);
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  downloadUrl(blobId: string): string {
    return this.#url("GET", `/${blobId}`, {});
  }

  /** Of a part of any file, such as one of a volume; the file may change meanwhile. */
  fileUrl(path: string, { start, length }: FileRange): string {
    return this.#url("GET", FILE_PATH, { path, start: String(start), length: String(length) });
  }

  uploadUrl(blobId: string, facts: UploadFacts): string {
    return this.#url("PUT", `/${blobId}`, asText(facts));
  }

  partUrls(blobId: string, facts: UploadFacts, partLength: number): PartUrls {
    const count = Math.ceil(facts.length / partLength);
    const uploadUrls = Array.from({ length: count }, (_, index) => {
      const offset = index * partLength;
      const length = Math.min(partLength, facts.length - offset);
      const part = { number: String(index + 1), offset: String(offset), length: String(length) };
      return this.#url("PUT", `/${blobId}/part`, part);
    });
    const completionUrl = this.#url("POST", `/${blobId}`, { ...asText(facts), parts: String(count) });
    return { partLength, uploadUrls, completionUrl };
  }

  #url(method: string, path: string, facts: Facts): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://${LOOPBACK}:${port}${this.#urls.sign(method, path, facts)}`;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#serve(request, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy(); // Too late to say it in words.
        return;
      }
      await readToEnd(request);
      const status = error instanceof HttpFailure ? error.status : 500;
      const text = error instanceof Error ? error.message : String(error);
      response.writeHead(status, { "Content-Type": "text/plain" }).end(`${text}\n`);
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "" } = request;
    const url = new URL(request.url ?? "/", `http://${LOOPBACK}`);
    const facts = this.#urls.check(method, url);
    if (!facts) throw new HttpFailure(403, "This address was not given out, or its time is over; ask for a new one.");
    if (url.pathname === FILE_PATH) return sendRange(facts.get("path") ?? "", fileRange(facts), response);
    const [, blobId = "", part] = url.pathname.split("/");
    if (method === "GET") return this.#send(blobId, response);
    if (method === "POST") {
      const etag = await this.#uploads.complete(request, blobId, Number(facts.get("parts")), uploadFacts(facts));
      const body = `<CompleteMultipartUploadResult><ETag>"${etag}"</ETag></CompleteMultipartUploadResult>`;
      response.writeHead(200, { "Content-Type": "application/xml" }).end(body);
      return;
    }
    const etag = part
      ? await this.#uploads.receivePart(request, blobId, partFacts(facts))
      : await this.#uploads.receive(request, blobId, uploadFacts(facts));
    response.writeHead(200, { ETag: `"${etag}"` }).end();
  }

  async #send(blobId: string, response: ServerResponse): Promise<void> {
    const file = this.#files.find(blobId);
    if (!file) throw new HttpFailure(404, `There is no blob ${blobId} any more; make the call again.`);
    const headers = { "Content-Type": "application/octet-stream", "Content-Length": file.length };
    if (file.length <= SEND_AS_ONE_BYTES) {
      const bytes = await readFile(file.path);
      response.writeHead(200, headers).end(bytes);
      return;
    }
    response.writeHead(200, headers);
    await pipeline(createReadStream(file.path, { highWaterMark: STREAM_CHUNK_BYTES }), response);
  }
}

async function sendRange(path: string, { start, length }: FileRange, response: ServerResponse): Promise<void> {
  // A link that has taken the place of the file meanwhile is not followed.
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => undefined);
  if (!file) throw new HttpFailure(404, "The file is no longer there.");
  response.writeHead(200, { "Content-Type": "application/octet-stream", "Content-Length": length });
  const options = { start, end: start + length - 1, highWaterMark: STREAM_CHUNK_BYTES };
  await pipeline(file.createReadStream(options), response);
}

/** Lets a client finish what it sends, although it is refused: otherwise it would see a broken connection instead of the answer. */
async function readToEnd(request: IncomingMessage): Promise<void> {
  request.resume();
  if (!request.complete && !request.destroyed) await finished(request).catch(() => {});
}

function asText({ length, md5, sha256 }: UploadFacts): Facts {
  return { length: String(length), md5, sha256 };
}

function uploadFacts(facts: URLSearchParams): UploadFacts {
  return { length: Number(facts.get("length")), md5: facts.get("md5") ?? "", sha256: facts.get("sha256") ?? "" };
}

function fileRange(facts: URLSearchParams): FileRange {
  return { start: Number(facts.get("start")), length: Number(facts.get("length")) };
}

function partFacts(facts: URLSearchParams) {
  return {
    number: Number(facts.get("number")),
    offset: Number(facts.get("offset")),
    length: Number(facts.get("length")),
  };
}
