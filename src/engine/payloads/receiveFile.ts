import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { HttpFailure } from "./httpFailure.ts";

/** What arrived, as it is on the disk. */
export interface Received {
  readonly md5: Buffer;
  readonly sha256: Buffer;
}

/**
 * Writes the body of a request into a file, from an offset on, as it comes.
 *
 * @param length how many bytes it must have
 * @throws HttpFailure when it has more or fewer
 */
export async function receiveFile(
  request: IncomingMessage,
  path: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Received> {
  const announced = request.headers["content-length"];
  if (announced !== undefined && Number(announced) !== length) throw wrongLength(length);
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  // "r+" does not make the file, "w" would empty it while other parts are written.
  const file = await open(path, "a", 0o600).then(async (made) => {
    await made.close();
    return open(path, "r+");
  });
  try {
    let size = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      if (size + chunk.length > length) throw wrongLength(length);
      md5.update(chunk);
      sha256.update(chunk);
      await file.write(chunk, 0, chunk.length, offset + size);
      size += chunk.length;
    }
    if (size < length) throw wrongLength(length);
  } finally {
    await file.close();
  }
  return { md5: md5.digest(), sha256: sha256.digest() };
}

/** The checksum of what is on the disk. */
export async function sha256OfFile(path: string): Promise<Buffer> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer);
  return hash.digest();
}

function wrongLength(length: number): HttpFailure {
  return new HttpFailure(400, `The upload must have exactly ${length} bytes; send it again.`);
}
