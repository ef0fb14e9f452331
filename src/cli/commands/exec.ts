import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { EngineAddress } from "../../targets/engineAddress.ts";
import { findEngine } from "../../targets/engineProcess.ts";
import { LocalTarget } from "../../targets/localTarget.ts";
import { NoEngineError } from "../../targets/targetError.ts";
import { exitCodeOfChild, passOnSignals } from "../childProcess.ts";
import { UsageError } from "../cliError.ts";
import { Output } from "../output.ts";
import { enginePath, type Session } from "../session.ts";
import { appText, type DeployFileOptions, deployFile } from "./deploy.ts";
import { printLogsOfAllApps } from "./logs.ts";

export const LOGS_WHEN = ["on-failure", "always", "never"] as const;
export type LogsWhen = (typeof LOGS_WHEN)[number];

interface ExecCommandOptions extends DeployFileOptions {
  readonly data?: string;
  readonly deploy?: readonly string[];
  readonly logs: LogsWhen;
}

/** As the engine names it when nobody says otherwise; the user's own variables and profiles are about Modal. */
const DEFAULT_ENVIRONMENT = "main";

/**
 * `spawnpoint exec COMMAND …`: runs a program with an engine of its own. That ends with this process, however it ends, and takes its
 * containers along.
 */
export async function exec(
  session: Session,
  command: string,
  args: readonly string[],
  options: ExecCommandOptions,
): Promise<void> {
  const { environmentName } = session.localTarget;
  const dataFolder = await folderFor(options);
  const target = new LocalTarget({ dataFolder, enginePath: enginePath(), endsWithStarter: true }, environmentName);
  try {
    for (const file of options.deploy ?? []) {
      const { apps } = await deployFile(target, file, options, session.signal);
      for (const app of apps) session.output.note(appText(app));
    }
    await target.engine();
    const { address } = await target.running();
    session.exitCode = await runProgram(command, args, {
      ...process.env,
      ...variables(address, dataFolder, environmentName),
    });
    await report(session, target, options.logs);
  } finally {
    await endEngine(target);
    if (options.data === undefined) await rm(dataFolder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** @throws UsageError the folder that the user names has an engine, which would not be this command's own */
async function folderFor({ data }: ExecCommandOptions): Promise<string> {
  if (data === undefined) return mkdtemp(join(tmpdir(), "spawnpoint-exec-"));
  const dataFolder = resolve(data);
  if (!(await findEngine(dataFolder))) return dataFolder;
  throw new UsageError(
    `An engine runs for ${dataFolder}; end it by "spawnpoint stop --data ${data}", or name another folder.`,
  );
}

/** By these, Modal's clients and this command line find the engine. */
function variables(
  { url, tokenId, tokenSecret }: EngineAddress,
  dataFolder: string,
  environmentName: string,
): NodeJS.ProcessEnv {
  return {
    MODAL_SERVER_URL: url,
    MODAL_TOKEN_ID: tokenId,
    MODAL_TOKEN_SECRET: tokenSecret,
    MODAL_ENVIRONMENT: environmentName || DEFAULT_ENVIRONMENT,
    SPAWNPOINT_HOME: dataFolder,
  };
}

/** @throws UsageError there is no such program */
async function runProgram(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const program = spawn(command, args, { env, stdio: "inherit" });
  passOnSignals(program);
  try {
    return await exitCodeOfChild(program);
  } catch (cause) {
    throw new UsageError(`${command} cannot be started; name a program that is there.`, { cause });
  }
}

/** The program owns stdout, so all of this is on stderr. A signal that ended the program is no reason to say less. */
async function report({ output, exitCode }: Session, target: LocalTarget, when: LogsWhen): Promise<void> {
  if (!(await findEngine(target.dataFolder))) {
    const said = await readFile(join(target.dataFolder, "engine.log"), "utf8");
    output.note(`The engine had ended before the program did; the last that it said: ${said.trim() || "nothing"}.`);
  } else if (when === "always" || (when === "on-failure" && exitCode !== 0)) {
    const { signal } = new AbortController();
    await printLogsOfAllApps(await target.modal(), new Output(signal, process.stderr), {}, signal);
  }
}

async function endEngine(target: LocalTarget): Promise<void> {
  try {
    await target.stop();
  } catch (error) {
    if (!(error instanceof NoEngineError)) throw error; // It has ended already, or never begun.
  } finally {
    target.close();
  }
}
