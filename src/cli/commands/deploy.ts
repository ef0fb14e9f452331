import { dirname, resolve } from "node:path";
import { toJson } from "@bufbuild/protobuf";
import {
  type DeployedApp,
  type DeployResponse,
  DeployResponseSchema,
  RuntimeChoice,
} from "../../proto/gen/engine_pb.js";
import type { RuntimeName } from "../../proto/runtimes.ts";
import { resolveInterpreter } from "../../targets/interpreter.ts";
import { LocalTarget } from "../../targets/localTarget.ts";
import { functionLines, notAppliedLines } from "../appText.ts";
import { UsageError } from "../cliError.ts";
import { jsonText } from "../json.ts";
import { counted } from "../render.ts";
import type { Session } from "../session.ts";

/** How a file is deployed. */
export interface DeployFileOptions {
  /** The interpreter that the user names. */
  readonly python?: string;
  readonly runtime?: RuntimeName;
}

interface DeployCommandOptions extends DeployFileOptions {
  readonly json?: boolean;
}

/** `spawnpoint deploy FILE`: deploys every app in a Python file. */
export async function deploy(session: Session, file: string, options: DeployCommandOptions): Promise<void> {
  const { output, signal } = session;
  const response = await deployFile(deployTarget(session), file, options, signal);
  if (options.json) return output.line(jsonText(toJson(DeployResponseSchema, response)));
  for (const app of response.apps) await output.line(appText(app));
}

/**
 * Deploys a file to the engine.
 *
 * @throws DeployError the file is at fault
 */
export async function deployFile(
  target: LocalTarget,
  file: string,
  { python, runtime }: DeployFileOptions,
  signal: AbortSignal,
): Promise<DeployResponse> {
  const path = resolve(file);
  const explicit = python ? { command: python, source: "--python" } : undefined;
  const interpreter = await resolveInterpreter({ explicit, folder: dirname(path) });
  const engine = await target.engine();
  const { environmentName } = target;
  return engine.deploy({ path, python: interpreter.path, environmentName, runtime, signal });
}

function deployTarget(session: Session): LocalTarget {
  if (session.target instanceof LocalTarget) return session.target;
  throw new UsageError(
    `Only the engine on this machine is deployed to; for Modal, run "modal deploy" with MODAL_PROFILE=${session.target.name}.`,
  );
}

/** What is said of an app that was deployed. */
export function appText({ name, version, unchanged, functions, notApplied, ...app }: DeployedApp): string {
  const state = unchanged ? "is unchanged since" : "is deployed as";
  const runtime = app.runtime === RuntimeChoice.MODAL ? ` by Modal ${app.modalVersion}` : "";
  return [
    `${name} ${state} version ${version}${runtime}, ${counted(functions.length, "function")}:`,
    ...functionLines(functions),
    ...notAppliedLines(notApplied),
  ].join("\n");
}
