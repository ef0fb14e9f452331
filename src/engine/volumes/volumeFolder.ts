import { randomUUID } from "node:crypto";
import { createReadStream, createWriteStream, type Dirent, type Stats } from "node:fs";
import { cp, lstat, mkdir, opendir, realpath, rename, rm } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { NotStoredError } from "../store/notStoredError.ts";
import { partsOf } from "./volumePath.ts";

/** A file or a folder of a volume, as listings tell it. */
export interface VolumeEntry {
  /** From the root of the volume, with slashes and none in front. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink" | "fifo" | "socket";
  /** Unix seconds. */
  readonly modifiedAt: number;
  readonly bytes: number;
}

/** A file on its way into a volume. */
export interface NewFile {
  readonly path: string;
  /** Files that have its content, one after the other. */
  readonly pieces: readonly string[];
  /** Permission bits; undefined for those of new files. */
  readonly mode: number | undefined;
}

/**
 * The files of a volume, in a folder of this machine. Paths are from its root. Whatever they say, and whatever links containers have made
 * in it, nothing outside of the folder is read or written.
 */
export class VolumeFolder {
  readonly path: string;
  readonly #incoming: string;

  /** @param incoming where files are put together, on the same file system */
  constructor(path: string, incoming: string) {
    this.path = path;
    this.#incoming = incoming;
  }

  /**
   * What is at a path: the entries of a folder, with all below where it is recursive, or the one file.
   *
   * @throws RpcError NOT_FOUND
   */
  async *list(path: string, recursive: boolean): AsyncGenerator<VolumeEntry> {
    const place = await this.#place(path);
    const stats = await this.#stats(place, path);
    const parts = partsOf(path);
    if (stats.isDirectory()) yield* this.#entries(place, parts, recursive);
    else yield entry(parts, stats);
  }

  /**
   * A file as it may be read.
   *
   * @throws RpcError NOT_FOUND, or INVALID_ARGUMENT for a folder
   */
  async file(path: string): Promise<{ readonly path: string; readonly bytes: number }> {
    const place = await realpath(await this.#place(path)).catch(() => undefined);
    if (place === undefined) throw notFound(path);
    const stats = await this.#stats(place, path);
    if (!stats.isFile()) throw refusal(`${path} is no file; name one of the files in it.`);
    return { path: place, bytes: stats.size };
  }

  /**
   * Makes files, with the folders above them: all, or, when one of them may not be there, none.
   *
   * @throws RpcError ALREADY_EXISTS
   * @throws NotStoredError when there is no room for them
   */
  async put(files: readonly NewFile[], overwrite: boolean): Promise<void> {
    const places = await Promise.all(files.map(({ path }) => this.#placeOfNew(path, overwrite)));
    for (const [index, { pieces, mode }] of files.entries()) {
      const place = places[index];
      if (place !== undefined) await stored(() => this.#write(place, pieces, mode));
    }
  }

  /** @throws RpcError NOT_FOUND, or FAILED_PRECONDITION for a folder that is not removed with all in it */
  async remove(path: string, recursive: boolean): Promise<void> {
    if (partsOf(path).length === 0) throw refusal("This is the volume itself; delete the volume instead.");
    const place = await this.#placeItself(path);
    const stats = await this.#stats(place, path);
    if (stats.isDirectory() && !recursive) {
      throw new RpcError(RpcStatus.FAILED_PRECONDITION, `${path} is a folder; remove it recursively.`);
    }
    await rm(place, { recursive, force: true });
  }

  /**
   * Copies as `cp` does: into the target when that is a folder, else to it.
   *
   * @throws RpcError NOT_FOUND, or INVALID_ARGUMENT for a folder that is not copied with all in it, and for several sources without a folder
   */
  async copy(sources: readonly string[], target: string, recursive: boolean): Promise<void> {
    const place = await this.#place(target);
    const isFolder = (await statsOf(place))?.isDirectory() ?? false;
    if (!isFolder && sources.length !== 1) throw refusal(`There is no folder ${target} to copy several files to.`);
    for (const source of sources) {
      const from = await this.#place(source);
      const stats = await this.#stats(from, source);
      if (stats.isDirectory() && !recursive) throw refusal(`${source} is a folder; copy it recursively.`);
      const to = isFolder ? join(place, partsOf(source).at(-1) ?? "") : place;
      if (`${to}${sep}`.startsWith(`${from}${sep}`)) throw refusal(`${source} cannot be copied into itself.`);
      await this.#checkInside(to, target);
      await stored(() => cp(from, to, { recursive, verbatimSymlinks: true }));
    }
  }

  async #write(place: string, pieces: readonly string[], mode = 0o644): Promise<void> {
    const unfinished = join(this.#incoming, randomUUID());
    try {
      await pipeline(contentOf(pieces), createWriteStream(unfinished, { flags: "wx", mode: (mode & 0o777) | 0o600 }));
      await mkdir(dirname(place), { recursive: true });
      await rename(unfinished, place);
    } finally {
      await rm(unfinished, { force: true });
    }
  }

  async *#entries(folder: string, parts: readonly string[], recursive: boolean): AsyncGenerator<VolumeEntry> {
    const names: Dirent[] = [];
    for await (const name of await opendir(folder)) names.push(name);
    names.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name } of names) {
      const stats = await statsOf(join(folder, name));
      if (!stats) continue; // Removed meanwhile.
      yield entry([...parts, name], stats);
      if (recursive && stats.isDirectory()) yield* this.#entries(join(folder, name), [...parts, name], recursive);
    }
  }

  async #placeOfNew(path: string, overwrite: boolean): Promise<string> {
    if (partsOf(path).length === 0) throw refusal("A file needs a name.");
    const place = await this.#placeItself(path);
    const existing = await statsOf(place);
    if (existing?.isDirectory()) {
      throw new RpcError(RpcStatus.ALREADY_EXISTS, `${path} is a folder of the volume; choose another name.`);
    }
    if (existing && !overwrite) {
      throw new RpcError(
        RpcStatus.ALREADY_EXISTS,
        `${path} is in the volume already; ask for it to be overwritten, by \`force\`.`,
      );
    }
    return place;
  }

  async #stats(place: string, path: string): Promise<Stats> {
    const stats = await statsOf(place);
    if (!stats) throw notFound(path);
    return stats;
  }

  /** Where a path leads, links of the volume included. */
  async #place(path: string): Promise<string> {
    const place = await this.#placeItself(path);
    await this.#checkInside(place, path);
    return place;
  }

  /** Where a path is; the last part of it may be a link to anywhere. */
  async #placeItself(path: string): Promise<string> {
    const parts = partsOf(path);
    const place = join(this.path, ...parts);
    if (parts.length > 0) await this.#checkInside(dirname(place), path);
    return place;
  }

  async #checkInside(place: string, path: string): Promise<void> {
    const root = await realpath(this.path);
    const real = await realOfNearest(place);
    if (`${real}${sep}`.startsWith(`${root}${sep}`)) return;
    throw refusal(`${path} leads out of the volume by a link, which nothing follows.`);
  }
}

/** Where a path really is, or the nearest folder above it that is there; empty for a link to nothing. */
async function realOfNearest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return (await statsOf(path)) ? "" : realOfNearest(dirname(path));
  }
}

async function* contentOf(pieces: readonly string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield* createReadStream(piece);
}

function statsOf(place: string): Promise<Stats | undefined> {
  return lstat(place).catch(() => undefined);
}

function entry(parts: readonly string[], stats: Stats): VolumeEntry {
  const { mtimeMs, size } = stats;
  return { path: parts.join("/"), kind: kindOf(stats), modifiedAt: Math.floor(mtimeMs / 1_000), bytes: size };
}

function kindOf(stats: Stats): VolumeEntry["kind"] {
  if (stats.isDirectory()) return "directory";
  if (stats.isSymbolicLink()) return "symlink";
  if (stats.isFIFO()) return "fifo";
  return stats.isSocket() ? "socket" : "file";
}

async function stored(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new NotStoredError(error);
  }
}

function notFound(path: string): RpcError {
  return new RpcError(RpcStatus.NOT_FOUND, `There is no ${path || "/"} in the volume.`);
}

function refusal(message: string): RpcError {
  return new RpcError(RpcStatus.INVALID_ARGUMENT, message);
}
