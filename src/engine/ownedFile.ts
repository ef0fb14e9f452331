import { renameSync, rmSync, writeFileSync } from "node:fs";

const OWNER_ONLY = 0o600;

/**
 * Writes a file that only its owner may read. It is written beside its place and moved there: a reader, or the next engine after a
 * crash, finds the old content or the new, and nothing is left where it fails.
 *
 * @throws the system's error, such as ENOSPC
 */
export function writeOwnedFile(path: string, content: string): void {
  const unfinished = `${path}.${process.pid}`;
  rmSync(unfinished, { force: true }); // A mode is applied to new files only.
  try {
    writeFileSync(unfinished, content, { mode: OWNER_ONLY });
    renameSync(unfinished, path);
  } catch (error) {
    rmSync(unfinished, { force: true });
    throw error;
  }
}
