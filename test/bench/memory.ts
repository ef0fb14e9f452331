import { spawnSync } from "node:child_process";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, report } from "./figures.ts";

const INPUTS = 100_000;
/** By then everything that is allocated once is there. */
const WARM_INPUTS = 20_000;
const MEGABYTE = 1_000_000;

/** Maps many inputs and reports by how much client and engine grow meanwhile. */
export async function measureMemory(modal: ModalClient, enginePid: number): Promise<void> {
  const square = modal.functions.fromName("bench", "square");
  const sizes = () => [residentBytes(process.pid), residentBytes(enginePid)];
  let before = sizes();
  const ms = await durationMs(async () => {
    let done = 0;
    for await (const _ of square.map([numbers(INPUTS)])) {
      done += 1;
      if (done === WARM_INPUTS) before = sizes();
    }
  });
  const after = sizes();
  report({ name: "map of 100,000 inputs", unit: "inputs/s", ours: INPUTS / (ms / 1_000) });
  for (const [index, who] of ["client", "engine"].entries()) {
    const growth = ((after[index] ?? 0) - (before[index] ?? 0)) / MEGABYTE;
    report({ name: `growth of the ${who} from 20,000 to 100,000 done`, unit: "MB", ours: growth });
  }
}

function* numbers(count: number): Generator<number> {
  for (let number = 0; number < count; number++) yield number;
}

function residentBytes(pid: number): number {
  const { stdout } = spawnSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(stdout) * 1_024;
}
