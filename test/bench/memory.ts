import { spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, report } from "./figures.ts";

const INPUTS = 100_000;
/** By then everything that is allocated once is there. */
const WARM_INPUTS = 20_000;
export const MEGABYTE = 1_000_000;

/** By then an engine that has nothing to do has given back what it does not need. */
const ENGINE_RESTS_MS = 12_000;

/** Results of which no more than some are in memory at a time, whatever their number. */
const LARGE_RESULTS = 100;
const LARGE_BYTES = 10 * MEGABYTE;
const WARM_LARGE_RESULTS = 20;

/** Maps many inputs, and inputs with large results, and reports by how much client and engine grow meanwhile. */
export async function measureMemory(modal: ModalClient, enginePid: number): Promise<void> {
  const { functions } = modal;
  const ms = await durationMs(async () => {
    const outputs = functions.fromName("bench", "square").map([numbers(INPUTS)]);
    await reportGrowth("100,000 results", outputs, WARM_INPUTS, enginePid);
  });
  report({ name: "map of 100,000 inputs", unit: "inputs/s", ours: INPUTS / (ms / 1_000) });
  const large = functions.fromName("bench", "echo").map([values(LARGE_RESULTS, LARGE_BYTES)]);
  await reportGrowth("100 results of 10 MB", large, WARM_LARGE_RESULTS, enginePid);
}

/** @param warm after so many results everything is allocated that is allocated once */
async function reportGrowth(
  what: string,
  results: AsyncIterable<unknown>,
  warm: number,
  enginePid: number,
): Promise<void> {
  const sizes = () => [residentBytes(process.pid), residentBytes(enginePid)];
  let before = sizes();
  let done = 0;
  for await (const _ of results) {
    done += 1;
    if (done === warm) before = sizes();
  }
  const after = sizes();
  for (const [index, who] of ["client", "engine"].entries()) {
    const growth = ((after[index] ?? 0) - (before[index] ?? 0)) / MEGABYTE;
    report({ name: `growth of the ${who}, ${what}, the last four fifths`, unit: "MB", ours: growth });
  }
}

function* numbers(count: number): Generator<number> {
  for (let number = 0; number < count; number++) yield number;
}

function* values(count: number, bytes: number): Generator<Uint8Array> {
  for (let number = 0; number < count; number++) yield new Uint8Array(bytes).fill(number);
}

/** What a process holds in memory. */
export function residentBytes(pid: number): number {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(stdout) * 1_024;
}

/** What this process still needs: its heap after all garbage was collected, of which a young program leaves a lot lying around. */
export function liveBytes(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

/** Lets the engine come to rest, so that what was measured before does not count. */
export async function rest(): Promise<void> {
  await delay(ENGINE_RESTS_MS);
}
