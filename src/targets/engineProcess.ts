import { setTimeout as delay } from "node:timers/promises";
import { type EngineAddress, readEngineAddress } from "./engineAddress.ts";
import { EngineClient } from "./engineClient.ts";
import { type EngineLaunch, startEngine } from "./engineStart.ts";
import { EngineStartError, NoEngineError, TargetError } from "./targetError.ts";

const START_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 20_000;
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
    const address = (await findEngine(launch.dataFolder)) ?? (await startEngine(launch));
    if (address) return address;
    if (Date.now() > giveUpAt) {
      const pid = (await readEngineAddress(launch.dataFolder))?.pid;
      const who = pid === undefined ? "Another engine" : `Another engine (process ${pid})`;
      const message = `${who} holds ${launch.dataFolder} but does not answer; end that process, then try again.`;
      throw new EngineStartError(message);
    }
    await delay(LOOK_AGAIN_MS); // The engine that holds the folder is on its way up, or down.
  }
}

/**
 * Ends an engine and waits until its process is gone, so that its folder is free.
 *
 * @throws TargetError it has not ended in time
 */
export async function stopEngine(engine: EngineClient, pid: number): Promise<void> {
  await engine.shutDown();
  const giveUpAt = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid)) {
    if (Date.now() > giveUpAt) throw new TargetError(`The engine is slow to end; end process ${pid} to be sure.`);
    await delay(LOOK_AGAIN_MS);
  }
}

/** Whether there is a process with this id. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // It lives, and is not ours.
  }
}
