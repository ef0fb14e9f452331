import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of a data folder, by what they are for. */
export interface FolderSizes {
  readonly database: number;
  readonly payloads: number;
  readonly uploads: number;
  readonly snapshots: number;
  readonly engineLog: number;
}

const DATABASE_FILES = ["engine.sqlite", "engine.sqlite-wal", "engine.sqlite-shm"];

/** Looks at every file, without holding up the event loop. */
export async function folderSizes(folder: string): Promise<FolderSizes> {
  const [database, payloads, uploads, snapshots, engineLog] = await Promise.all([
    filesSize(DATABASE_FILES.map((name) => join(folder, name))),
    folderSize(join(folder, "payloads")),
    folderSize(join(folder, "uploads")),
    folderSize(join(folder, "snapshots")),
    filesSize([join(folder, "engine.log")]),
  ]);
  return { database, payloads, uploads, snapshots, engineLog };
}

/** Bytes of the files right in a folder; 0 where there is none. */
export async function folderSize(folder: string): Promise<number> {
  const names = await readdir(folder).catch(() => []);
  return filesSize(names.map((name) => join(folder, name)));
}

async function filesSize(paths: readonly string[]): Promise<number> {
  let bytes = 0;
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined); // It may go while we look.
    bytes += found?.size ?? 0;
  }
  return bytes;
}
