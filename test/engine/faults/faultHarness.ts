import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { type EngineHarness, until } from "../engineHarness.ts";

/** Kills per test; `FAULT_RUNS=100` looks longer than the usual run. */
export const FAULT_RUNS = Number(process.env.FAULT_RUNS ?? 6);

/** The random moments of all tests follow from it. */
const FAULT_SEED = Number(process.env.FAULT_SEED ?? 20_260_401);

/** A test of kills at random moments, whose failure says how to have the same moments again. */
export function seeded(number: number, run: (t: TestContext, seed: number) => Promise<void>) {
  return async (t: TestContext) => {
    try {
      await run(t, FAULT_SEED + number);
    } catch (error) {
      t.diagnostic(`Run it again with FAULT_SEED=${FAULT_SEED} FAULT_RUNS=${FAULT_RUNS}.`);
      throw error;
    }
  };
}

/** A Python function that notes each run of an input, before it does anything else, in one write that no other can cut. */
export const NOTING = `
def noted(path, x):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(fd, f"{os.getpid()} {x}\\n".encode())
    os.close(fd)
`;

export interface Run {
  readonly pid: number;
  readonly input: number;
}

/** The runs that `noted` noted, in their order. */
export async function runsIn(path: string): Promise<Run[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [pid, input] = line.split(" ").map(Number);
      return { pid: pid ?? 0, input: input ?? -1 };
    });
}

/** How often each input ran. */
export function countsOf(runs: readonly Run[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { input } of runs) counts.set(input, (counts.get(input) ?? 0) + 1);
  return counts;
}

/** Waits until so many runs were noted, or the work is over. */
export async function untilRuns(notes: string, count: number, work: { done: boolean }): Promise<void> {
  await until(`${count} inputs have run`, async () => work.done || (await runsIn(notes)).length >= count);
}

/** A promise, and whether it is settled. */
export function watched<T>(promise: Promise<T>): { done: boolean; readonly promise: Promise<T> } {
  const work = { done: false, promise };
  const end = () => {
    work.done = true;
  };
  promise.then(end, end);
  return work;
}

/** Whole numbers from 0 to below `limit`, the same ones for the same seed (mulberry32). */
function randomNumbers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

/** `count` places in a work of `size` runs, in order: after the first run, and before the last. */
export function momentsIn(size: number, count: number, seed: number): number[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => 1 + random(size - 1)).sort((a, b) => a - b);
}

/** What an engine left behind. */
export interface Remains {
  /** Indexes of inputs of its newest call that had their final output. */
  readonly finished: ReadonlySet<number>;
  /** Runs that were noted until then. */
  readonly runs: number;
}

/** Kills the engine at once and waits until its containers are gone too. */
export async function killEngine(harness: EngineHarness, notes: string): Promise<Remains> {
  await harness.end("SIGKILL");
  await until("its containers are gone", async () => (await harness.pythonProcesses()).length === 0);
  const database = new DatabaseSync(join(harness.dataFolder, "engine.sqlite"));
  try {
    const rows = database
      .prepare(
        `SELECT key % 16777216 AS input FROM inputs
         WHERE status <> 0 AND key / 16777216 = (SELECT max(number) FROM function_calls)`,
      )
      .all();
    return { finished: new Set(rows.map(({ input }) => Number(input))), runs: (await runsIn(notes)).length };
  } finally {
    database.close();
  }
}
