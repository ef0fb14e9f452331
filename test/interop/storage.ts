import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** What Modal's servers keep blobs in: `PUT` stores under a path and answers with the checksum, `GET` gives it back. */
export class Storage implements AsyncDisposable {
  readonly #blobs = new Map<string, Buffer>();
  readonly #server = createServer(async (request, response) => {
    const path = request.url ?? "";
    if (request.method !== "PUT") return response.end(this.#blobs.get(path));
    const blob = await buffer(request);
    this.#blobs.set(path, blob);
    return response.setHeader("ETag", `"${createHash("md5").update(blob).digest("hex")}"`).end();
  });

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async listen(): Promise<void> {
    await once(this.#server.listen(0, "127.0.0.1"), "listening");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
