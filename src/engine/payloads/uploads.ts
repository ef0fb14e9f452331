import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { HttpFailure } from "./httpFailure.ts";
import type { PayloadFiles } from "./payloadFiles.ts";
import { receiveFile, sha256OfFile } from "./receiveFile.ts";

/** What a blob must be, as its client said before it uploaded it. Checksums in base64; an empty MD5 is not known. */
export interface UploadFacts {
  readonly length: number;
  readonly md5: string;
  readonly sha256: string;
}

/** An upload in parts that is under way. */
interface PartialUpload {
  readonly path: string;
  complete(): void;
  /** By number of the part, from 1. */
  readonly md5s: Map<number, Buffer>;
}

const MAX_COMPLETION_BYTES = 4 * 1024 * 1024;

/** Takes uploads, whole or in parts, and lets a blob be there only when it is what was announced. */
export class Uploads {
  readonly #files: PayloadFiles;
  readonly #partial = new Map<string, PartialUpload>();

  constructor(files: PayloadFiles) {
    this.#files = files;
  }

  /** @returns the ETag, without quotes */
  async receive(request: IncomingMessage, blobId: string, facts: UploadFacts): Promise<string> {
    const { path, complete } = this.#files.incomingUpload(blobId);
    try {
      const { md5, sha256 } = await receiveFile(request, path, { offset: 0, length: facts.length });
      checkHeader(request, md5);
      const isOther = facts.md5 !== "" && md5.toString("base64") !== facts.md5;
      if (isOther || sha256.toString("base64") !== facts.sha256) throw wrongChecksum();
      complete();
      return md5.toString("hex");
    } finally {
      rmSync(path, { force: true });
    }
  }

  /** @returns the ETag of the part, without quotes */
  async receivePart(
    request: IncomingMessage,
    blobId: string,
    part: { readonly number: number; readonly offset: number; readonly length: number },
  ): Promise<string> {
    let upload = this.#partial.get(blobId);
    if (!upload) {
      upload = { ...this.#files.incomingUpload(blobId), md5s: new Map() };
      this.#partial.set(blobId, upload);
    }
    const { md5 } = await receiveFile(request, upload.path, part);
    checkHeader(request, md5);
    upload.md5s.set(part.number, md5);
    return md5.toString("hex");
  }

  /**
   * Joins the parts, which are in their places already: they only have to be all there and what was announced. The MD5 of the whole
   * is not looked at, since Modal's client announces another one for large files (`_utils/blob_utils.py`).
   *
   * @returns the ETag of the whole, without quotes
   */
  async complete(request: IncomingMessage, blobId: string, parts: number, facts: UploadFacts): Promise<string> {
    const listed = partETags(await bodyText(request));
    const upload = this.#partial.get(blobId);
    const md5s = Array.from({ length: parts }, (_, index) => upload?.md5s.get(index + 1)?.toString("hex"));
    if (!upload || listed.length !== parts || md5s.some((md5, index) => md5 === undefined || md5 !== listed[index])) {
      throw new HttpFailure(400, "The parts are not those that were uploaded; upload them again.");
    }
    this.#partial.delete(blobId);
    try {
      if ((await sha256OfFile(upload.path)).toString("base64") !== facts.sha256) throw wrongChecksum();
      upload.complete();
    } finally {
      rmSync(upload.path, { force: true });
    }
    const joined = Buffer.concat(listed.map((md5) => Buffer.from(md5, "hex")));
    return `${createHash("md5").update(joined).digest("hex")}-${parts}`;
  }
}

function checkHeader(request: IncomingMessage, md5: Buffer): void {
  const announced = request.headers["content-md5"];
  if (announced !== undefined && announced !== md5.toString("base64")) throw wrongChecksum();
}

function wrongChecksum(): HttpFailure {
  return new HttpFailure(400, "The upload is not what its checksums say; send it again.");
}

/** The ETags in a `CompleteMultipartUpload`, in the order of the parts. */
function partETags(xml: string): string[] {
  const parts = [...xml.matchAll(/<PartNumber>(\d+)<\/PartNumber>\s*<ETag>"?([0-9a-f]{32})"?<\/ETag>/g)];
  return parts.sort(([, one], [, other]) => Number(one) - Number(other)).map(([, , md5 = ""]) => md5);
}

async function bodyText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_COMPLETION_BYTES) throw new HttpFailure(413, "The list of parts is too long.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("latin1");
}
