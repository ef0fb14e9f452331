import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { type EngineAddress, parseEngineAddress, readEngineAddress } from "./engineAddress.ts";
import { EngineClient } from "./engineClient.ts";
import { checkNodeVersion } from "./nodeVersion.ts";
import { EngineStartError, NoEngineError } from "./targetError.ts";

/** How an engine is started, and for which data. */
export interface EngineLaunch {
  /** Absolute path of the built engine, `dist/engine.cjs`. */
  readonly enginePath: string;
  /** Absolute path of the folder that holds the engine's state. One engine at a time owns it. */
  readonly dataFolder: string;
  /** The engine ends itself after this time without clients and work. Default: 15 minutes. */
  readonly idleExitSeconds?: number;
}

/** The engine's exit code when another engine owns the data folder. */
const FOLDER_IN_USE = 3;
const START_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 5_000;
const LOOK_AGAIN_MS = 50;

/**
 * The engine that runs for a data folder, if one does. What a killed engine left behind is seen through.
 *
 * @throws TargetError a process is there but does not answer
 */
export async function findEngine(dataFolder: string): Promise<EngineAddress | undefined> {
  const address = await readEngineAddress(dataFolder);
  // A dead engine's port may be another program's by now, which must not be sent the token.
  if (!address || !isAlive(address.pid)) return undefined;
  const client = new EngineClient(address);
  try {
    await client.status({ timeoutMs: ANSWER_TIMEOUT_MS });
    return address;
  } catch (error) {
    if (error instanceof NoEngineError) return undefined;
    throw error;
  } finally {
    client.close();
  }
}

/**
 * The engine that runs for a data folder, or a new one in the background that outlives this process. When two
 * processes start one at the same time, both end up with the same engine.
 *
 * @throws EngineStartError with what the engine said on stderr
 */
export async function findOrStartEngine(launch: EngineLaunch): Promise<EngineAddress> {
  const giveUpAt = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const found = (await findEngine(launch.dataFolder)) ?? (await startEngine(launch));
    if (found !== "folder in use") return found;
    if (Date.now() > giveUpAt) {
      throw new EngineStartError(`Another engine owns ${launch.dataFolder} but does not answer; end that process, then try again.`);
    }
    await delay(LOOK_AGAIN_MS); // The other engine is on its way up, or down.
  }
}

type StartOutcome = EngineAddress | "folder in use";

async function startEngine(launch: EngineLaunch): Promise<StartOutcome> {
  checkNodeVersion(process.versions.node);
  await mkdir(launch.dataFolder, { recursive: true, mode: 0o700 });
  const logPath = join(launch.dataFolder, "engine.log");
  const log = await open(logPath, "a", 0o600);
  const { size: logStart } = await log.stat();
  try {
    const engine = spawn(process.execPath, engineArguments(launch), {
      cwd: dirname(launch.enginePath), // The user's folder is not held by a process that outlives the user's command.
      detached: true,
      windowsHide: true,
      env: engineEnvironment(),
      stdio: ["ignore", "pipe", log.fd], // The ready line holds the token: it must not get into the log.
    });
    return await started(engine, () => readFrom(logPath, logStart));
  } finally {
    await log.close();
  }
}

/** Waits until the engine is ready or has failed, then lets go of it. */
async function started(engine: ChildProcessByStdio<null, Readable, null>, stderr: () => Promise<string>): Promise<StartOutcome> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    return await Promise.race([
      readyLine(engine.stdout, signal),
      once(engine, "exit", { signal }).then(async ([code]): Promise<StartOutcome> => {
        if (code === FOLDER_IN_USE) return "folder in use";
        throw startError(await stderr());
      }),
      delay(START_TIMEOUT_MS, undefined, { signal }).then(async (): Promise<never> => {
        engine.kill();
        throw startError(await stderr(), `it was not ready after ${START_TIMEOUT_MS / 1_000} s`);
      }),
    ]);
  } catch (error) {
    if (error instanceof EngineStartError) throw error;
    throw new EngineStartError("The local engine could not be started; is Node.js still where it was?", { cause: error });
  } finally {
    waiting.abort();
    engine.stdout.destroy();
    engine.unref();
  }
}
