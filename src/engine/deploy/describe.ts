import { dirname } from "node:path";
import { type PythonFolders, pythonEnvironment, scriptPath } from "../workers/pythonEnvironment.ts";
import type { DescribeFailure, FreshDescription } from "./definition.ts";
import { checkDescription, ShapeError } from "./descriptionShape.ts";
import { pythonReport } from "./pythonReport.ts";

/** Importing a file may read data or connect somewhere, but not for ever. */
const DESCRIBE_TIMEOUT_MS = 60_000;

type Description = FreshDescription | DescribeFailure;

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
): Promise<Description> {
  const asked = typeof purpose === "string" ? [purpose] : [purpose.purpose, purpose.root];
  const { text, stderr, ended } = await pythonReport(python, [scriptPath(folders, "describe.py"), path, ...asked], {
    cwd: dirname(path),
    env: pythonEnvironment(folders),
    timeoutMs: DESCRIBE_TIMEOUT_MS,
  });
  const failure = (message: string): DescribeFailure => ({ ok: false, message, path, line: 0, traceback: stderr });
  if (text) return readDescription(text, (what) => failure(`${path} could not be read: ${what}.`));
  const why =
    ended === "was killed by SIGKILL" ? `did not finish importing it in ${DESCRIBE_TIMEOUT_MS / 1_000} s` : ended;
  return failure(`${path} could not be read: ${python} ${why}.`);
}

/** @param garbled what to answer when this is nothing that `describe.py` says */
function readDescription(text: string, garbled: (what: string) => DescribeFailure): Description {
  try {
    const description: unknown = JSON.parse(text);
    checkDescription(description);
    return description;
  } catch (error) {
    const wayOn = "use values that Modal takes, and write to no descriptor that the file has not opened";
    if (error instanceof ShapeError) return garbled(`its description has no good ${error.message}; ${wayOn}`);
    if (error instanceof SyntaxError) return garbled(`its description is cut or mixed with something else; ${wayOn}`);
    throw error;
  }
}
