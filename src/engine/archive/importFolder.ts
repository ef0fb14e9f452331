import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { extract, type ReadEntry } from "tar";
import { PayloadFiles } from "../payloads/payloadFiles.ts";
import { DataFolderError } from "../store/database.ts";
import { openStore, payloadNames } from "../store/store.ts";

export interface Imported {
  readonly functionCalls: number;
}

/** All that an export has; whatever else an archive brings is left in it. */
const PARTS = /^(engine\.sqlite|payloads\/bl-\w{22}|snapshots\/\w+\.json)$/;

/**
 * Makes a data folder of an archive that {@link exportFolder} wrote. It is put together and looked through beside the folder first, which so comes to
 * be as a whole or not at all.
 *
 * @param folder must be empty, or not there yet
 * @throws DataFolderError when it is not, or when the archive is damaged, incomplete, or of a newer version
 */
export async function importFolder(archive: string, folder: string): Promise<Imported> {
  if (!existsSync(archive)) throw new DataFolderError(`There is no file ${archive}; name an archive that export made.`);
  if (!isEmpty(folder)) {
    throw new DataFolderError(`The data folder ${folder} is not empty; choose an empty one with --data.`);
  }
  const staging = `${folder}.import-${process.pid}`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    mkdirSync(staging, { mode: 0o700 });
    await extracted(archive, staging);
    const imported = lookedThrough(archive, staging);
    if (existsSync(folder)) rmdirSync(folder);
    renameSync(staging, folder);
    return imported;
  } catch (error) {
    if (error instanceof DataFolderError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataFolderError(`The data folder ${folder} cannot be made (${reason}); choose another one.`, {
      cause: error,
    });
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

async function extracted(archive: string, folder: string): Promise<void> {
  const isPart = (path: string, entry: unknown) => (entry as ReadEntry).type === "File" && PARTS.test(path);
  try {
    await extract({
      file: archive,
      cwd: folder,
      strict: true,
      noChmod: true,
      dmode: 0o700,
      fmode: 0o600,
      filter: isPart,
    });
  } catch (error) {
    throw notWhole(archive, error instanceof Error ? error.message : String(error), error);
  }
  if (!existsSync(join(folder, "engine.sqlite"))) throw notWhole(archive, "it has no database");
}

function lookedThrough(archive: string, folder: string): Imported {
  const store = openStore(folder);
  try {
    const files = new PayloadFiles(folder);
    const missing = payloadNames(store).filter((name) => !files.find(name));
    if (missing.length > 0) throw notWhole(archive, `${missing.length} of its large values are missing`);
    return { functionCalls: store.calls.counts().calls };
  } finally {
    store.database.close();
  }
}

function notWhole(archive: string, reason: string, cause?: unknown): DataFolderError {
  return new DataFolderError(`${archive} is no whole archive of a data folder (${reason}); export the folder again.`, {
    cause,
  });
}
