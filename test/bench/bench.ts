// `npm run bench`: how fast the whole way is (client, socket, durable store, container), beside Python's own process pool
// in the same run. Prints a line of JSON per figure, then a table. Figures of two machines do not compare; ratios do.
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { cacheFolder, rootFolder } from "../../scripts/project.ts";
import { build } from "../../scripts/vsix.ts";
import type { ModalClient } from "../../src/client/index.ts";
import { resolveInterpreter } from "../../src/targets/interpreter.ts";
import { LocalTarget } from "../../src/targets/localTarget.ts";

interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** The same through ProcessPoolExecutor. */
  readonly peer?: number | undefined;
}

const figures: Figure[] = [];
const benchFolder = join(rootFolder, "test", "bench");

await build();
const dataFolder = await mkdtemp(join(cacheFolder, "bench-"));
const target = new LocalTarget({ enginePath: join(rootFolder, "dist", "engine.cjs"), dataFolder });
try {
  const { path: python } = await resolveInterpreter({ folder: benchFolder });
  const startedAt = performance.now();
  const engine = await target.engine();
  report({ name: "engine ready, from nothing", unit: "ms", ours: performance.now() - startedAt });
  await engine.deploy({ path: join(benchFolder, "functions.py"), python });
  const peer = processPool(python);
  await measureCalls(await target.modal(), peer);
  await engine.shutDown();
} finally {
  target.close();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 });
}
for (const bundle of ["extension.cjs", "engine.cjs", "webview.js"]) {
  report({ name: `size of ${bundle}`, unit: "kB", ours: (await stat(join(rootFolder, "dist", bundle))).size / 1_000 });
}
console.table(figures.map(tableRow));

async function measureCalls(modal: ModalClient, peer: Record<string, number>): Promise<void> {
  const [square, nap, echo] = ["square", "nap", "echo"].map((name) => modal.functions.fromName("bench", name));
  if (!square || !nap || !echo) throw new Error("A function of the bench is missing.");
  const first = performance.now();
  await square.remote([7]);
  report({ name: "first call, container started", unit: "ms", ours: performance.now() - first });

  const perSecond = async (fn: typeof square, inputs: readonly unknown[]) => {
    const startedAt = performance.now();
    for await (const _ of fn.map([inputs]));
    return inputs.length / ((performance.now() - startedAt) / 1_000);
  };
  const call = async () => {
    const startedAt = performance.now();
    await square.remote([7]);
    return performance.now() - startedAt;
  };
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  await perSecond(square, numbers.slice(0, 1_000));
  const maps = await repeated(3, () => perSecond(square, numbers));
  report({ name: "map of 10,000 tiny inputs", unit: "inputs/s", ours: median(maps), peer: peer.map });
  report({ name: "warm call, p50", unit: "ms", ours: median(await repeated(300, call)), peer: peer.call });
  await perSecond(nap, [0.1, 0.1]); // Starts the containers.
  const naps = await perSecond(nap, Array<number>(200).fill(0.01));
  report({ name: "map of 200 naps of 10 ms", unit: "inputs/s", ours: naps, peer: peer.nap });
  const megabyte = new Uint8Array(1_000_000);
  const echoes = await perSecond(echo, Array<Uint8Array>(100).fill(megabyte));
  report({ name: "map of 100 echoes of 1 MB", unit: "MB/s", ours: echoes, peer: peer.echo });
}

function processPool(python: string): Record<string, number> {
  const script = join(benchFolder, "processPool.py");
  const { stdout, stderr } = spawnSync(python, [script, String(availableParallelism())], { encoding: "utf8" });
  if (!stdout) throw new Error(`The peer could not be measured: ${stderr}`);
  return JSON.parse(stdout);
}

async function repeated(times: number, measure: () => Promise<number>): Promise<number[]> {
  const values: number[] = [];
  while (values.length < times) values.push(await measure());
  return values;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function report(figure: Figure): void {
  figures.push(figure);
  console.log(JSON.stringify(figure));
}

function tableRow({ name, unit, ours, peer }: Figure): object {
  const ratio = peer === undefined ? {} : { ProcessPoolExecutor: rounded(peer), ratio: (ours / peer).toFixed(2) };
  return { figure: name, unit, Spawnpoint: rounded(ours), ...ratio };
}

function rounded(value: number): string {
  return value.toPrecision(value >= 1_000 ? 5 : 3);
}
