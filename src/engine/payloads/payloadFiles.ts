import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { BLOB_ID, FILE_BYTES, PAYLOADS_FOLDER, UPLOADS_FOLDER } from "../../proto/valueFiles.ts";
import { newId } from "../ids.ts";
import { NotStoredError } from "../store/notStoredError.ts";
import { isFile, type Payload, type PayloadFile } from "./payload.ts";

/** How long an upload waits for the input that it is for. */
const UPLOAD_LIFETIME_MS = 24 * 60 * 60 * 1_000;

/** A payload's file is gone or damaged, said as one sentence. */
export class PayloadLostError extends RpcError {
  constructor({ blobId }: PayloadFile) {
    super(RpcStatus.DATA_LOSS, `The value ${blobId} is no longer complete on the disk; make the call again.`);
  }
}

/**
 * Large payloads as files beside the database. A file is complete before the transaction that names it commits, and is removed after
 * the one that forgets it; so a row never names a file that is not there, and what no row names is a leftover of an engine that died.
 * Files are not synced to the disk: like the database they survive the death of the process, not that of the machine. Whoever
 * reads one then finds a wrong size, and says so.
 *
 * The folders: `payloads` has what rows name. `uploads` has what clients uploaded, until an input takes it or a day is over. `incoming`
 * has what is not complete: uploads under way, and a folder for each container, whose worker writes its results there.
 */
export class PayloadFiles {
  readonly #payloads: string;
  readonly #uploads: string;
  readonly #incoming: string;
  /** How many want all files to stay, and what is removed when nobody does. */
  #holders = 0;
  readonly #toRemove: string[] = [];

  /** @param folder of the engine; made when the first file is */
  constructor(folder: string) {
    this.#payloads = join(folder, PAYLOADS_FOLDER);
    this.#uploads = join(folder, UPLOADS_FOLDER);
    this.#incoming = join(folder, "incoming");
  }

  /** Makes the folders, and removes what a past engine left: everything incomplete, and payloads that no row names. */
  open(isNamed: (blobId: string) => boolean): void {
    rmSync(this.#incoming, { recursive: true, force: true });
    for (const folder of [this.#payloads, this.#uploads, this.#incoming]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    this.remove(readdirSync(this.#payloads).filter((name) => !isNamed(name)));
    this.removeOldUploads();
  }

  /**
   * The payload itself when it is small; else it is written to a file.
   *
   * @throws NotStoredError when there is no room for the file
   */
  async keep(bytes: Uint8Array): Promise<Payload> {
    if (bytes.length < FILE_BYTES) return bytes;
    const blobId = newId("bl");
    await written(join(this.#payloads, blobId), (path) => writeFile(path, bytes, { flag: "wx", mode: 0o600 }));
    return { blobId, length: bytes.length };
  }

  /** Makes a file of the incoming folder a payload. */
  adopt(...path: readonly string[]): PayloadFile {
    const blobId = newId("bl");
    const target = join(this.#payloads, blobId);
    renameSync(join(this.#incoming, ...path), target);
    return { blobId, length: statSync(target).size };
  }

  /** Makes a payload of an upload, which stays for further inputs. Undefined when there is no such upload. */
  async take(uploadId: string): Promise<PayloadFile | undefined> {
    const upload = join(this.#uploads, uploadId);
    const length = BLOB_ID.test(uploadId) ? sizeOf(upload) : undefined;
    if (length === undefined) return undefined;
    const blobId = newId("bl");
    const target = join(this.#payloads, blobId);
    try {
      linkSync(upload, target); // One file under two names costs nothing.
    } catch {
      await written(target, (path) => copyFile(upload, path)); // Not every file system has links.
    }
    return { blobId, length };
  }

  /** Where an upload is put together, and what makes it complete. */
  incomingUpload(blobId: string): { readonly path: string; complete(): void } {
    const path = join(this.#incoming, newId("bl"));
    return { path, complete: () => renameSync(path, join(this.#uploads, blobId)) };
  }

  /** The folder that a container's worker writes to. It goes with the container. */
  containerFolder(taskId: string): { readonly path: string; remove(): void } {
    const path = join(this.#incoming, taskId);
    try {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    } catch {
      // The disk is full. A container without a folder sends everything through its pipe.
    }
    return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
  }

  /** What a frame to a worker says of a payload: how many bytes of the frame's own are its, or in which file it is. */
  place(payload: Payload): { readonly size: number; readonly file?: string } {
    return isFile(payload) ? { size: 0, file: this.#path(payload) } : { size: payload.length };
  }

  /** A payload, or an upload, by the id that clients have. */
  find(blobId: string): { readonly path: string; readonly length: number } | undefined {
    if (!BLOB_ID.test(blobId)) return undefined;
    for (const path of [join(this.#payloads, blobId), join(this.#uploads, blobId)]) {
      const length = sizeOf(path);
      if (length !== undefined) return { path, length };
    }
    return undefined;
  }

  /** @throws PayloadLostError when the file is not as it was written */
  read(payload: Payload): Uint8Array {
    if (payload instanceof Uint8Array) return payload;
    const bytes = readIfThere(this.#path(payload));
    if (bytes?.length === payload.length) return bytes;
    throw new PayloadLostError(payload);
  }

  /** Reads a payload that no row names any more, and removes its file. @throws PayloadLostError when the file is not as it was written */
  readLast(payload: Payload): Uint8Array {
    const bytes = this.read(payload);
    if (isFile(payload)) this.remove([payload.blobId]);
    return bytes;
  }

  /** @throws PayloadLostError when the file has not the size that it was written with */
  checked(payload: PayloadFile): PayloadFile {
    if (sizeOf(this.#path(payload)) === payload.length) return payload;
    throw new PayloadLostError(payload);
  }

  /** What a worker wrote for the engine alone. */
  readOnce(...path: readonly string[]): Uint8Array {
    const file = join(this.#incoming, ...path);
    const bytes = readFileSync(file);
    rmSync(file);
    return bytes;
  }

  #path({ blobId }: PayloadFile): string {
    return join(this.#payloads, blobId);
  }

  remove(blobIds: readonly string[]): void {
    if (this.#holders > 0) this.#toRemove.push(...blobIds);
    else for (const blobId of blobIds) rmSync(join(this.#payloads, blobId), { force: true });
  }

  /** While `work` is under way, no payload's file goes. */
  async holding<T>(work: () => Promise<T>): Promise<T> {
    this.#holders++;
    try {
      return await work();
    } finally {
      this.#holders--;
      if (this.#holders === 0) this.remove(this.#toRemove.splice(0));
    }
  }

  removeUpload(blobId: string): void {
    if (BLOB_ID.test(blobId)) rmSync(join(this.#uploads, blobId), { force: true });
  }

  removeOldUploads(lifetimeMs = UPLOAD_LIFETIME_MS): void {
    for (const name of readdirSync(this.#uploads)) {
      const path = join(this.#uploads, name);
      if (statSync(path).mtimeMs <= Date.now() - lifetimeMs) rmSync(path, { force: true });
    }
  }
}

/** Writes a file, or leaves nothing of it. */
async function written(path: string, write: (path: string) => Promise<void>): Promise<void> {
  try {
    await write(path);
  } catch (error) {
    rmSync(path, { force: true });
    throw new NotStoredError(error);
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function readIfThere(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
