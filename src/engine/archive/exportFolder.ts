import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { create } from "tar";
import { Database, DataFolderError } from "../store/database.ts";
import { payloadNames, storeOn } from "../store/store.ts";

export interface Exported {
  readonly functionCalls: number;
  /** Of the archive. */
  readonly bytes: number;
}

/**
 * Writes what a data folder holds to an archive (tar, gzip): a copy of the database as it is at one moment, the large payloads that it names, and the
 * snapshots. Work may go on meanwhile, but no file of a payload may go. The tokens are not part of it, nor is what the engine said.
 *
 * @param path of the archive; there must be no such file
 * @throws DataFolderError when the archive cannot be written
 */
export async function exportFolder(database: Database, folder: string, path: string): Promise<Exported> {
  if (existsSync(path)) throw new DataFolderError(`There is a file ${path} already; choose another name.`);
  const staging = mkdtempSync(join(folder, "export-"));
  const unfinished = `${path}.unfinished`;
  try {
    const copy = join(staging, "engine.sqlite");
    await database.copyTo(copy);
    const { functionCalls, payloads } = contentsOf(copy);
    const files = [...payloads.map((name) => `payloads/${name}`), ...snapshotsIn(folder)];
    const present = files.filter((file) => existsSync(join(folder, file)));
    const renamed = (entryPath: string) => entryPath.replace(/^export-\w+\//, "");
    await create(
      {
        file: unfinished,
        gzip: true,
        portable: true,
        mode: 0o600,
        cwd: folder,
        onWriteEntry: (entry) => {
          entry.path = renamed(entry.path);
        },
      },
      [copy.slice(folder.length + 1), ...present],
    );
    renameSync(unfinished, path);
    return { functionCalls, bytes: statSync(path).size };
  } catch (error) {
    throw new DataFolderError(`The archive ${path} cannot be written (${reasonOf(error)}); choose another place.`, {
      cause: error,
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
    rmSync(unfinished, { force: true });
  }
}

function contentsOf(path: string): { functionCalls: number; payloads: string[] } {
  const copy = storeOn(new Database(path));
  const payloads = payloadNames(copy);
  const functionCalls = copy.calls.counts().calls;
  copy.database.close();
  return { functionCalls, payloads };
}

function snapshotsIn(folder: string): string[] {
  const snapshots = join(folder, "snapshots");
  if (!existsSync(snapshots)) return [];
  return readdirSync(snapshots).flatMap((name) => (name.endsWith(".json") ? [`snapshots/${name}`] : []));
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
