import { setTimeout as delay } from "node:timers/promises";
import { readEngineAddress } from "./engineAddress.ts";
import { findOrStartEngine, isAlive } from "./engineProcess.ts";
import type { EngineLaunch } from "./engineStart.ts";

const LOOK_INTERVAL_MS = 250;

/**
 * Starts the engine again whenever it has died, until the signal is aborted. It comes back at its old port with its old
 * tokens, so requests that are retried do not fail. An engine that was told to stop has taken its address away, and
 * stays stopped.
 */
export async function reviveEngine(launch: EngineLaunch, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await delay(LOOK_INTERVAL_MS, undefined, { signal, ref: false });
      const address = await readEngineAddress(launch.dataFolder);
      if (address && !isAlive(address.pid)) await findOrStartEngine(launch);
    }
  } catch {
    // Aborted; or it cannot be started, which whoever waits for the engine is told when retries are over.
  }
}
