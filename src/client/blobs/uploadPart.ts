import { isIP } from "node:net";
import { ExecutionError } from "../errors.ts";
import { type Attempts, attempted, StorageRefusal } from "./attempts.ts";
import { sendRequest, storageUrl } from "./httpRequest.ts";

/** Modal's own numbers (`py/modal/_utils/blob_utils.py`). */
const ATTEMPTS: Attempts = { count: 3, baseDelayMs: 300 };

/** Bytes for one upload URL. */
export interface UploadPart {
  readonly url: string;
  readonly content: Uint8Array;
  readonly md5: Buffer;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Sends bytes to an upload URL and checks what the storage says it has: the ETag must be the MD5 of what was sent.
 *
 * @throws ExecutionError when that fails, also after two more attempts
 */
export async function uploadPart({ url, content, md5, headers }: UploadPart, signal: AbortSignal) {
  await attempted(ATTEMPTS, signal, async () => {
    const response = await sendRequest({ method: "PUT", url, headers, body: content, signal });
    const { host } = storageUrl(url);
    if (response.status !== 200) throw new StorageRefusal(host, response.status);
    if (plainETag(response.headers.etag) !== md5.toString("hex")) {
      throw new ExecutionError(`The storage at ${host} received other bytes than were sent.`);
    }
  });
}

/** The headers of an upload that is not in parts: only the storages that Modal uses are told the checksum. */
export function wholeUploadHeaders(url: string, md5: Buffer): Record<string, string> {
  const { hostname } = storageUrl(url);
  const contentType = { "Content-Type": "application/octet-stream" };
  if (/\.(amazonaws\.com|r2\.cloudflarestorage\.com)$/.test(hostname)) {
    return { ...contentType, "Content-MD5": md5.toString("base64") };
  }
  if (isNearby(hostname)) return contentType;
  throw new ExecutionError(`The server named ${hostname} as a storage, which is none that Modal uses.`);
}

/** This machine or its network: by name only `localhost`, as in Modal's Python SDK. */
function isNearby(hostname: string): boolean {
  if (hostname === "localhost") return true;
  const address = hostname.replace(/^\[|\]$/g, "");
  if (isIP(address) === 6) return /^(::1$|f[cd]|fe[89ab])/i.test(address);
  return isIP(address) === 4 && /^(127|10|192\.168|172\.(1[6-9]|2\d|3[01])|169\.254)\./.test(address);
}

function plainETag(etag: string | undefined): string {
  return (etag ?? "")
    .trim()
    .replace(/^W\//i, "")
    .replace(/^"(.*)"$/, "$1");
}
