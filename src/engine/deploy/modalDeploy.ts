import { dirname, join } from "node:path";
import type { Credentials } from "../announcement.ts";
import { type PythonFolders, pythonEnvironment } from "../workers/pythonEnvironment.ts";
import type { DescribeFailure } from "./definition.ts";
import { deployError } from "./deployError.ts";
import { pythonReport } from "./pythonReport.ts";

/** A file, and whom its client deploys it to. */
export interface ModalDeployment extends Credentials {
  /** Absolute. */
  readonly path: string;
  /** An interpreter that has Modal's own package. */
  readonly python: string;
  readonly environment: string;
  /** Of the engine. */
  readonly url: string;
}

/**
 * Has Modal's own package deploy every app of a file, as `modal deploy` deploys one.
 *
 * @returns what was printed meanwhile, by it and by the file
 * @throws RpcError INVALID_ARGUMENT with a `DeployFailure` when the file is at fault; the signal's reason
 */
export async function deployByModal(
  deployment: ModalDeployment,
  folders: PythonFolders,
  signal: AbortSignal,
): Promise<string> {
  const { path, python, environment } = deployment;
  const script = join(folders.scripts, "runtime", "modal_deploy.py");
  const { text, stdout, stderr, ended } = await pythonReport(python, [script, path, environment], {
    ...{ cwd: dirname(path), env: environmentOf(deployment, folders), signal },
  });
  signal.throwIfAborted();
  const unsaid = { message: `${path} could not be deployed: ${python} ${ended}.`, path, line: 0, traceback: stderr };
  const result = text ? (JSON.parse(text) as { ok: true } | DescribeFailure) : { ok: false as const, ...unsaid };
  if (!result.ok) throw deployError(result);
  return stdout + stderr;
}

/** Without what the user's environment says of other servers. */
function environmentOf({ url, tokenId, tokenSecret, environment }: ModalDeployment, folders: PythonFolders) {
  const inherited = Object.entries(pythonEnvironment(folders)).filter(([name]) => !name.startsWith("MODAL_"));
  return {
    ...Object.fromEntries(inherited),
    MODAL_SERVER_URL: url,
    MODAL_TOKEN_ID: tokenId,
    MODAL_TOKEN_SECRET: tokenSecret,
    MODAL_ENVIRONMENT: environment,
    NO_COLOR: "1",
    COLUMNS: "120",
  };
}
