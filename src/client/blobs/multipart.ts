import type { MultiPartUpload } from "../../proto/gen/modal_pb.js";
import { ExecutionError } from "../errors.ts";
import { StorageRefusal } from "./attempts.ts";
import { md5Of } from "./checksums.ts";
import { sendRequest, storageUrl } from "./httpRequest.ts";
import { uploadPart } from "./uploadPart.ts";

const MAX_PARALLEL_PARTS = 8;

/**
 * Uploads bytes in parts and has the storage join them.
 *
 * @throws ExecutionError when a part or the joining fails, or the storage joined something else
 */
export async function uploadInParts(
  { partLength, uploadUrls, completionUrl }: MultiPartUpload,
  content: Uint8Array,
  signal: AbortSignal,
): Promise<void> {
  const length = Number(partLength);
  if (length <= 0 || uploadUrls.length * length < content.length) {
    throw new ExecutionError("The server named too few upload addresses for the parts of a blob.");
  }
  const parts = uploadUrls.map((url, index) => ({
    url,
    content: content.subarray(index * length, (index + 1) * length),
  }));
  const waiting = parts.entries();
  const md5s: Buffer[] = [];
  const stop = new AbortController();
  const partSignal = AbortSignal.any([signal, stop.signal]);
  const uploadWaiting = async () => {
    for (const [index, part] of waiting) {
      const md5 = md5Of(part.content);
      md5s[index] = md5;
      await uploadPart({ ...part, md5, headers: {} }, partSignal);
    }
  };
  try {
    await Promise.all(Array.from({ length: MAX_PARALLEL_PARTS }, uploadWaiting));
  } finally {
    stop.abort(); // What one part failed with, the others need not find out.
  }
  await complete(completionUrl, md5s, signal);
}

async function complete(url: string, md5s: readonly Buffer[], signal: AbortSignal): Promise<void> {
  const parts = md5s.map(
    (md5, index) => `<Part>\n<PartNumber>${index + 1}</PartNumber>\n<ETag>"${md5.toString("hex")}"</ETag>\n</Part>`,
  );
  const body = Buffer.from(["<CompleteMultipartUpload>", ...parts, "</CompleteMultipartUpload>"].join("\n"));
  const response = await sendRequest({ method: "POST", url, body, signal });
  const { host } = storageUrl(url);
  if (response.status !== 200) throw new StorageRefusal(host, response.status);
  const joined = `${md5Of(Buffer.concat(md5s)).toString("hex")}-${md5s.length}`;
  // A storage answers 200 before it has joined the parts, so only the body tells.
  if (!Buffer.from(response.body).toString("latin1").includes(joined)) {
    throw new ExecutionError(`The storage at ${host} joined other bytes than were sent.`);
  }
}
