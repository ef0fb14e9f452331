import { dirname } from "node:path";
import { type PythonFolders, pythonEnvironment, scriptPath } from "../workers/pythonEnvironment.ts";
import type { DescribeFailure, FreshDescription } from "./definition.ts";
import { pythonReport } from "./pythonReport.ts";

/** Importing a file may read data or connect somewhere, but not for ever. */
const DESCRIBE_TIMEOUT_MS = 60_000;

/**
 * What for: an app that is only run needs neither a name nor functions. `container`: it is imported as containers do, for which `root` is the
 * folder where imports begin.
 */
export type DescribePurpose = "deployment" | "run" | { readonly purpose: "container"; readonly root: string };

/**
 * Imports a Python file in an interpreter and tells what is in it. User errors come back as a `DescribeFailure`.
 *
 * @param path absolute
 */
export async function describeFile(
  python: string,
  path: string,
  folders: PythonFolders,
  purpose: DescribePurpose,
): Promise<FreshDescription | DescribeFailure> {
  const asked = typeof purpose === "string" ? [purpose] : [purpose.purpose, purpose.root];
  const { text, stderr, ended } = await pythonReport(python, [scriptPath(folders, "describe.py"), path, ...asked], {
    cwd: dirname(path),
    env: pythonEnvironment(folders),
    timeoutMs: DESCRIBE_TIMEOUT_MS,
  });
  if (text) return JSON.parse(text) as FreshDescription | DescribeFailure;
  const why =
    ended === "was killed by SIGKILL" ? `did not finish importing it in ${DESCRIBE_TIMEOUT_MS / 1_000} s` : ended;
  return { ok: false, message: `${path} could not be read: ${python} ${why}.`, path, line: 0, traceback: stderr };
}
