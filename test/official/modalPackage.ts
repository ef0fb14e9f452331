import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

const { SPAWNPOINT_OFFICIAL_PATH: officialPath } = process.env;
if (officialPath) process.env.PYTHONPATH = officialPath;

/** For tests that need Modal's own Python package: why they are skipped, where it is not importable. */
export const skip: string | false =
  (await pythonOutput("-c", "import modal._container_entrypoint").catch(() => undefined)) === undefined &&
  "Modal's own Python package is not here: install it for python3, or name its folders in SPAWNPOINT_OFFICIAL_PATH.";

/** What `python3` prints, which has the package if there is one. */
export async function pythonOutput(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("python3", args, { cwd: tmpdir() });
  return stdout.trim();
}
