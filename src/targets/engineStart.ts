import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type EngineAddress, parseEngineAddress } from "./engineAddress.ts";
import { checkNodeVersion } from "./nodeVersion.ts";
import { EngineStartError } from "./targetError.ts";

/** How an engine is started, and for which data. */
export interface EngineLaunch {
  /** Absolute path of the built engine, `dist/engine.cjs`. */
  readonly enginePath: string;
  /** Absolute path of the folder that holds the engine's state. One engine at a time owns it. */
  readonly dataFolder: string;
  /** The engine ends itself after this time without clients and work. Default: 15 minutes. */
  readonly idleExitSeconds?: number;
  /** It ends with the process that starts it, however that ends, and not for want of work. Default: it outlives that. */
  readonly endsWithStarter?: boolean;
  /** Days for which finished calls are kept; 0 for ever. Default: as the folder was last told. */
  readonly keepDays?: number | undefined;
  /** Gigabytes (2^30 bytes) that the folder may take; 0 for any number. Default: as the folder was last told. */
  readonly keepGigabytes?: number | undefined;
  /** MiB that a container may hold whose function names no limit of its own; 0, and the default, for no limit. */
  readonly memoryLimitMib?: number | undefined;
}

/** The engine's exit code when another engine owns the data folder. */
const FOLDER_IN_USE = 3;
const READY_TIMEOUT_MS = 20_000;

/**
 * Starts an engine in the background, which outlives this process unless the launch says otherwise. What it says goes to `engine.log` in
 * its folder.
 *
 * @returns undefined when another engine owns the folder
 * @throws EngineStartError with what the engine said on stderr
 */
export async function startEngine(launch: EngineLaunch): Promise<EngineAddress | undefined> {
  checkNodeVersion(process.versions.node);
  await mkdir(launch.dataFolder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw new EngineStartError(`The data folder ${launch.dataFolder} cannot be made; choose another.`, {
      cause: error,
    });
  });
  const logPath = join(launch.dataFolder, "engine.log");
  const log = await open(logPath, "a", 0o600);
  try {
    const { size: logStart } = await log.stat();
    const engine = spawn(process.execPath, engineArguments(launch), {
      cwd: dirname(launch.enginePath), // The user's folder must not be held by a process that outlives the command.
      detached: true,
      windowsHide: true,
      env: engineEnvironment(),
      // Nothing is ever written to its stdin; the system closes that with us. The ready line holds the token: it must not get into the log.
      stdio: [launch.endsWithStarter ? "pipe" : "ignore", "pipe", log.fd],
    });
    return await ready(engine, async () => (await readFile(logPath)).subarray(logStart).toString());
  } finally {
    await log.close();
  }
}

/**
 * Node's own options for an engine. Most of what passes through it lives for milliseconds: collected in small portions it takes some 3 %
 * more processor time, and 100 MB less memory while a queue of 100,000 inputs is worked off. What is left then, the engine gives back to
 * the system when it has nothing to do. They are too small to be shared among threads: waking these takes longer than to collect.
 */
export const ENGINE_NODE_OPTIONS = ["--max-semi-space-size=2", "--no-parallel-scavenge", "--expose-gc"];

/** What Node is given to run an engine. */
export function engineArguments({
  enginePath,
  dataFolder,
  idleExitSeconds = 15 * 60,
  endsWithStarter = false,
  ...limits
}: EngineLaunch): string[] {
  const { keepDays, keepGigabytes, memoryLimitMib } = limits;
  return [
    ...[...ENGINE_NODE_OPTIONS, enginePath, "--data", dataFolder, "--json"],
    ...(endsWithStarter ? ["--end-with-stdin"] : ["--idle-exit", String(idleExitSeconds)]),
    ...(keepDays === undefined ? [] : ["--keep-days", String(keepDays)]),
    ...(keepGigabytes === undefined ? [] : ["--keep-gigabytes", String(keepGigabytes)]),
    ...(memoryLimitMib === undefined ? [] : ["--memory-limit", String(memoryLimitMib)]),
  ];
}

/** Makes VS Code's executable run as plain Node.js, and keeps the editor's auto-attaching debugger out. */
export function engineEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: "1", VSCODE_INSPECTOR_OPTIONS: undefined };
}

/** Waits until the engine is ready or has failed, then lets go of it. */
async function ready(engine: ChildProcess, stderr: () => Promise<string>): Promise<EngineAddress | undefined> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(engine, "exit", { signal }).then(async ([code, killedBy]): Promise<undefined> => {
    if (code === FOLDER_IN_USE) return undefined;
    throw startError(`it ended with ${killedBy ?? `exit code ${code}`}`, await stderr());
  });
  const late = delay(READY_TIMEOUT_MS, undefined, { signal }).then(async (): Promise<never> => {
    engine.kill();
    throw startError(`it was not ready after ${READY_TIMEOUT_MS / 1_000} s`, await stderr());
  });
  try {
    return await Promise.race([readyLine(engine.stdout), ended, late]);
  } catch (error) {
    throw error instanceof EngineStartError ? error : startError("its process did not start", String(error), error);
  } finally {
    waiting.abort();
    engine.stdout?.destroy();
    engine.unref();
  }
}

/** The first line on the engine's stdout that is an address. Stays pending when there is none. */
function readyLine(stdout: Readable | null): Promise<EngineAddress> {
  return new Promise((resolve) => {
    let text = "";
    stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
      const address = text.includes("\n") ? parseEngineAddress(text) : undefined;
      if (address) resolve(address);
    });
  });
}

function startError(what: string, said: string, cause?: unknown): EngineStartError {
  const lastLine = said.trim().split("\n").at(-1) ?? "";
  const message = `The local engine could not be started: ${lastLine || what}`;
  return new EngineStartError(/[.!?]$/.test(message) ? message : `${message}.`, {
    cause: cause ?? new Error(said || what),
  });
}
