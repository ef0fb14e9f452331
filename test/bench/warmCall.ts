import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

const ROUNDS = 12;
const CALLS_A_ROUND = 50;
/** Before they are measured: by then, the programs of both sides are compiled. */
const WARMING_ROUNDS = 20;

/** Measures single calls beside those through Python's ProcessPoolExecutor: in turns, for whatever else the machine does hits both. */
export async function measureWarmCall(modal: ModalClient, python: string): Promise<void> {
  const square = modal.functions.fromName("bench", "square");
  const pool = spawn(python, [join(import.meta.dirname, "poolCalls.py"), String(availableParallelism())], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface(pool.stdout)[Symbol.asyncIterator]();
  try {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = -WARMING_ROUNDS; round < ROUNDS; round++) {
      const own = await repeated(CALLS_A_ROUND, () => durationMs(() => square.remote([7])));
      pool.stdin.write(`${CALLS_A_ROUND}\n`);
      const { value } = await answers.next();
      if (round < 0) continue;
      ours.push(...own);
      theirs.push(...(JSON.parse(value ?? "[]") as number[]));
    }
    report({ name: "warm call, beside the pool", unit: "ms", ours: median(ours), peer: median(theirs) });
  } finally {
    pool.stdin.end();
  }
}
