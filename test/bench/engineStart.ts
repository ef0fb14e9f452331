import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, rootFolder } from "../../scripts/project.ts";
import { LocalTarget } from "../../src/targets/localTarget.ts";
import { durationMs, median, report } from "./figures.ts";

const ROUNDS = 7;

/** Measures until an engine answers whose data folder does not exist yet, beside a Node that does nothing. In turns. */
export async function measureEngineStart(): Promise<void> {
  const ours: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(await engineStartMs());
    bare.push(await durationMs(() => promisify(execFile)(process.execPath, ["-e", "0"])));
  }
  const name = "engine answers, from nothing, beside node -e 0";
  report({ name, unit: "ms", ours: median(ours), peer: median(bare), limit: 1_000 });
}

async function engineStartMs(): Promise<number> {
  const folder = await mkdtemp(join(cacheFolder, "bench-start-"));
  const target = new LocalTarget({
    enginePath: join(rootFolder, "dist", "engine.cjs"),
    dataFolder: join(folder, "new"),
  });
  try {
    const startMs = await durationMs(() => target.engine());
    await target.stop();
    return startMs;
  } finally {
    target.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
