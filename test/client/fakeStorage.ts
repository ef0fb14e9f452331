import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { BlobCreateResponseSchema } from "../../src/proto/gen/modal_pb.js";

/** One request as the storage saw it. */
export interface StorageRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** Answers a request in the storage's place. */
export type StorageAnswer = (request: StorageRequest, response: ServerResponse) => void;

/** What stands in the query of every URL, and must never be told to anybody. */
export const SECRET = "signature=do-not-tell";

/** The storage of blobs beside a fake Modal server, over a real socket. Answers as S3 does, unless a test says otherwise. */
export class FakeStorage implements AsyncDisposable {
  readonly blobs = new Map<string, Buffer>();
  readonly requests: StorageRequest[] = [];
  /** Length of the parts that blobs are uploaded in; undefined: in one piece. */
  partLength: number | undefined;
  /** The ids of the next blob's alternatives, in their order. */
  alternatives = ["bl-1"];
  /** Whether only the fields of older servers are filled. */
  isOld = false;
  /** Uploads, and downloads, that are under way now, and the most that were. */
  readonly active = { now: 0, most: 0 };
  readonly #answers: StorageAnswer[] = [];
  readonly #parts = new Map<string, Buffer>();
  #numBlobs = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));

  static async start(): Promise<FakeStorage> {
    const storage = new FakeStorage();
    await once(storage.#server.listen(0, "127.0.0.1"), "listening");
    return storage;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Answers the next requests with these, one after another. */
  next(...answers: StorageAnswer[]): void {
    this.#answers.push(...answers);
  }

  url(path: string): string {
    return `http://${this.host}/${path}?${SECRET}`;
  }

  /** `BlobCreate` */
  create(length: number): MessageInitShape<typeof BlobCreateResponseSchema> {
    const number = ++this.#numBlobs;
    const ids = this.alternatives.map((id) => (number === 1 ? id : `${id}-${number}`));
    const [blobId = ""] = ids;
    if (this.partLength === undefined) {
      const urls = ids.map((id) => this.url(id));
      if (this.isOld) return { blobId, uploadTypeOneof: { case: "uploadUrl", value: urls[0] ?? "" } };
      return { blobIds: ids, uploadTypesOneof: { case: "uploadUrls", value: { items: urls } } };
    }
    const { partLength } = this;
    const items = ids.map((id) => ({
      partLength: BigInt(partLength),
      uploadUrls: Array.from({ length: Math.ceil(length / partLength) }, (_, part) => this.url(`${id}/${part}`)),
      completionUrl: this.url(id),
    }));
    const [first] = items;
    if (this.isOld && first) return { blobId, uploadTypeOneof: { case: "multipart", value: first } };
    return { blobIds: ids, uploadTypesOneof: { case: "multiparts", value: { items } } };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.active.now += 1;
    this.active.most = Math.max(this.active.most, this.active.now);
    response.on("close", () => {
      this.active.now -= 1;
    });
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return; // The client has gone.
    }
    const url = new URL(request.url ?? "/", "http://storage");
    const { method = "", headers } = request;
    const seen = { method, path: url.pathname.slice(1), headers, body: Buffer.concat(chunks) };
    this.requests.push(seen);
    (this.#answers.shift() ?? this.answer)(seen, response);
  }

  /** What the storage does by itself. */
  readonly answer: StorageAnswer = ({ method, path, body }, response) => {
    if (method === "GET") {
      const blob = this.blobs.get(path);
      if (blob) response.writeHead(200, { "Content-Length": blob.length }).end(blob);
      else response.writeHead(404).end();
      return;
    }
    if (method === "POST") {
      this.#join(path, response);
      return;
    }
    if (path.includes("/")) this.#parts.set(path, body);
    else this.blobs.set(path, body);
    response.writeHead(200, { ETag: `"${md5(body).toString("hex")}"` }).end();
  };

  #join(path: string, response: ServerResponse): void {
    const parts: Buffer[] = [];
    for (let part = this.#parts.get(`${path}/0`); part; part = this.#parts.get(`${path}/${parts.length}`)) {
      parts.push(part);
    }
    this.blobs.set(path, Buffer.concat(parts));
    const joined = md5(Buffer.concat(parts.map(md5))).toString("hex");
    response.writeHead(200).end(`<ETag>"${joined}-${parts.length}"</ETag>`);
  }
}

export function md5(bytes: Uint8Array): Buffer {
  return createHash("md5").update(bytes).digest();
}
