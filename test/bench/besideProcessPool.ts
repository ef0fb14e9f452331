import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

/** Measures maps beside the same work through Python's ProcessPoolExecutor, which neither stores nor serves anything. */
export async function measureBesideProcessPool(modal: ModalClient, python: string): Promise<void> {
  const peer = processPool(python);
  const [square, nap, echo] = ["square", "nap", "echo"].map((name) => modal.functions.fromName("bench", name));
  if (!square || !nap || !echo) throw new Error("A function of the bench is missing.");
  const first = await durationMs(() => square.remote([7]));
  report({ name: "first call, container started", unit: "ms", ours: first });

  const perSecond = async (fn: typeof square, inputs: readonly unknown[]) => {
    const ms = await durationMs(async () => {
      for await (const _ of fn.map([inputs]));
    });
    return inputs.length / (ms / 1_000);
  };
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  await perSecond(square, numbers.slice(0, 1_000));
  const maps = await repeated(3, () => perSecond(square, numbers));
  report({ name: "map of 10,000 tiny inputs, beside the pool", unit: "inputs/s", ours: median(maps), peer: peer.map });
  await perSecond(nap, [0.1, 0.1]); // Starts the containers.
  const naps = await perSecond(nap, Array<number>(200).fill(0.01));
  report({ name: "map of 200 naps of 10 ms, beside the pool", unit: "inputs/s", ours: naps, peer: peer.nap });
  const megabyte = new Uint8Array(1_000_000);
  const echoes = await perSecond(echo, Array<Uint8Array>(100).fill(megabyte));
  report({ name: "map of 100 echoes of 1 MB, beside the pool", unit: "MB/s", ours: echoes, peer: peer.echo });
}

function processPool(python: string): Record<string, number> {
  const script = join(import.meta.dirname, "processPool.py");
  const { stdout, stderr } = spawnSync(python, [script, String(availableParallelism())], { encoding: "utf8" });
  if (!stdout) throw new Error(`The peer could not be measured: ${stderr}`);
  return JSON.parse(stdout);
}
