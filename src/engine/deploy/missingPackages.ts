import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { type PythonFolders, pythonEnvironment, scriptPath } from "../workers/pythonEnvironment.ts";
import { packageName } from "./imagePackages.ts";

const TIMEOUT_MS = 30_000;

/**
 * Those of some packages that an interpreter lacks; none when it cannot say.
 *
 * @param requirements as images name them
 * @returns the requirements, in their order
 */
export async function missingPackages(
  requirements: readonly string[],
  python: string,
  folders: PythonFolders,
): Promise<string[]> {
  if (requirements.length === 0) return [];
  const names = new Map(requirements.map((requirement) => [packageName(requirement), requirement]));
  const options = { env: pythonEnvironment(folders), timeout: TIMEOUT_MS, windowsHide: true };
  try {
    const { stdout } = await promisify(execFile)(
      python,
      [scriptPath(folders, "packages.py"), ...names.keys()],
      options,
    );
    return (JSON.parse(stdout) as string[]).map((name) => names.get(name) ?? name);
  } catch {
    return []; // The interpreter does not start: whatever is deployed says so.
  }
}
