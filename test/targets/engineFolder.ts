import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { readEngineAddress } from "../../src/targets/engineAddress.ts";
import type { EngineLaunch } from "../../src/targets/engineStart.ts";

/** A fresh data folder for the fake engine; the test's end kills what runs there and removes it. */
export async function engineFolder(test: TestContext): Promise<EngineLaunch> {
  const dataFolder = await mkdtemp(join(tmpdir(), "spawnpoint-targets-"));
  test.after(async () => {
    const address = await readEngineAddress(dataFolder);
    if (address) killed(address.pid);
    await rm(dataFolder, { recursive: true, force: true });
  });
  return { enginePath: fileURLToPath(new URL("./fakeEngine.ts", import.meta.url)), dataFolder };
}

/** Ends a process as a crash would. */
export function killed(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Resolves when the condition holds; fails with its name after ten seconds. */
export async function until(name: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain until ${name}.`);
    await delay(10);
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
