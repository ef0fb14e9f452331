import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";

/** What is hashed in one turn of the event loop: hashing all of a large payload at once would make everything else wait. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/** The checksums that `BlobCreate` wants. */
export interface Checksums {
  readonly md5: Buffer;
  readonly sha256: Buffer;
}

export async function checksums(content: Uint8Array, signal: AbortSignal): Promise<Checksums> {
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  for (let start = 0; start < content.length; start += CHUNK_BYTES) {
    if (start > 0) await nextTurn();
    signal.throwIfAborted();
    const chunk = content.subarray(start, start + CHUNK_BYTES);
    md5.update(chunk);
    sha256.update(chunk);
  }
  return { md5: md5.digest(), sha256: sha256.digest() };
}

export function md5Of(content: Uint8Array): Buffer {
  return createHash("md5").update(content).digest();
}
