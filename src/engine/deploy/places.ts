import { execFile } from "node:child_process";
import { type PythonFolders, pythonEnvironment, scriptPath } from "../workers/pythonEnvironment.ts";

/** Where something stands in its file. Lines from 1. */
interface Place {
  readonly line: number;
  readonly end_line: number;
  /** Its docstring. */
  readonly doc: string;
}

const TIMEOUT_MS = 30_000;
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/**
 * Reads files, without importing them, for the places of functions and classes.
 *
 * @param wanted paths and qualified names
 * @returns for each its place; undefined for what is not there, as what was made by code is not
 */
export async function placesOf(
  wanted: readonly (readonly [path: string, qualifiedName: string])[],
  python: string,
  folders: PythonFolders,
): Promise<(Place | undefined)[]> {
  const options = { env: pythonEnvironment(folders), timeout: TIMEOUT_MS, maxBuffer: MAX_ANSWER_BYTES };
  const answer = await new Promise<string>((resolve) => {
    const child = execFile(python, ["-I", scriptPath(folders, "places.py")], options, (error, stdout) =>
      resolve(error ? "[]" : stdout),
    );
    child.stdin?.on("error", () => {}); // It ends with the process, which tells.
    child.stdin?.end(JSON.stringify(wanted));
  });
  const places = JSON.parse(answer) as (Place | null)[];
  return wanted.map((_, index) => places[index] ?? undefined);
}
