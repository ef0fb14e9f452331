import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { endReason } from "../../proto/processEnd.ts";
import { type PythonFolders, pythonEnvironment, scriptPath } from "../workers/pythonEnvironment.ts";
import type { DescribeFailure, FreshDescription } from "./definition.ts";

/** Importing a file may read data or connect somewhere, but not for ever. */
const DESCRIBE_TIMEOUT_MS = 60_000;
/** The descriptor that the description comes through; stdout is the user's. */
const DESCRIPTION = 3;

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
  const child = spawn(python, [scriptPath(folders, "describe.py"), path, ...asked], {
    cwd: dirname(path),
    env: pythonEnvironment(folders),
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    timeout: DESCRIBE_TIMEOUT_MS,
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  const description = collect(child.stdio[DESCRIPTION] as NodeJS.ReadableStream);
  const printed = collect(child.stderr);
  child.stdout?.resume();
  const ended = await new Promise<string>((resolve) => {
    child.on("error", (error) => resolve(`could not be started (${error.message})`));
    child.on("close", (code, signal) => resolve(endReason(code, signal)));
  });
  const text = Buffer.concat(description).toString("utf8");
  if (text) return JSON.parse(text) as FreshDescription | DescribeFailure;
  const why =
    ended === "was killed by SIGKILL" ? `did not finish importing it in ${DESCRIBE_TIMEOUT_MS / 1_000} s` : ended;
  return {
    ok: false,
    message: `${path} could not be read: ${python} ${why}.`,
    path,
    line: 0,
    traceback: Buffer.concat(printed).toString("utf8"),
  };
}

function collect(stream: NodeJS.ReadableStream | null): Buffer[] {
  const chunks: Buffer[] = [];
  stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream?.on("error", () => {}); // Ends with the process, which tells.
  return chunks;
}
