import { randomBytes } from "node:crypto";
import { open, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BLOB_ID, PAYLOADS_FOLDER, UPLOADS_FOLDER } from "../../proto/valueFiles.ts";

/** Half of the characters of a blob's id, after its prefix: they are hexadecimal. */
const ID_BYTES = 11;

/** The data folder of the local engine, for a client that may write and read its large values there. */
export class ValueFolder {
  readonly #payloads: string;
  readonly #uploads: string;

  /** @param dataFolder absolute; it need not be there yet */
  constructor(dataFolder: string) {
    this.#payloads = join(dataFolder, PAYLOADS_FOLDER);
    this.#uploads = join(dataFolder, UPLOADS_FOLDER);
  }

  /** Writes a value, and returns its id. Undefined where that cannot be done: it has to be sent then, and the engine says what is wrong. */
  async write(content: Uint8Array): Promise<string | undefined> {
    const blobId = `bl-${randomBytes(ID_BYTES).toString("hex")}`;
    try {
      await writeFile(join(this.#uploads, blobId), content, { flag: "wx", mode: 0o600 });
      return blobId;
    } catch {
      await this.remove(blobId); // What did not fit on the disk.
      return undefined;
    }
  }

  /** Removes a value that was written here. What the engine took of it stays. */
  async remove(blobId: string): Promise<void> {
    await unlink(join(this.#uploads, blobId)).catch(() => {}); // The engine removes what is forgotten here.
  }

  /** Reads a value of the engine. Undefined when it has more than `maxBytes`, and where it cannot be read: it has to be downloaded then. */
  async read(blobId: string, maxBytes = Number.POSITIVE_INFINITY): Promise<Uint8Array | undefined> {
    if (!BLOB_ID.test(blobId)) return undefined;
    try {
      await using file = await open(join(this.#payloads, blobId));
      const { size } = await file.stat();
      if (size > maxBytes) return undefined;
      // Not from Node's pool, which a small value that is kept would hold whole.
      const content = Buffer.allocUnsafeSlow(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await file.read(content, length, size - length);
        if (bytesRead === 0) return undefined;
        length += bytesRead;
      }
      return content;
    } catch {
      return undefined;
    }
  }
}
