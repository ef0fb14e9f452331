// `npm run bench`: how fast the whole way is (client, socket, durable store, container), beside Python's own process pool and
// Modal's JavaScript SDK in the same run. Prints a line of JSON per figure, then a table. Figures of two machines do not compare;
// ratios do. Words after it choose parts: containers, pool, peers (with BENCH_PEERS=1), call, spawn, sdk, items, queue, editing,
// graph, memory, soak, activation, panel.
import { mkdtemp, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder, rootFolder } from "../../scripts/project.ts";
import { build } from "../../scripts/vsix.ts";
import { resolveInterpreter } from "../../src/targets/interpreter.ts";
import { LocalTarget } from "../../src/targets/localTarget.ts";
import { measureActivation } from "./activation.ts";
import { measureBesideEcho } from "./besideEcho.ts";
import { measureBesidePeers } from "./besidePeers.ts";
import { measureBesideProcessPool } from "./besideProcessPool.ts";
import { measureBesideSdk } from "./besideSdk.ts";
import { measureBesideStream } from "./besideStream.ts";
import { measureCallGraph } from "./callGraph.ts";
import { measureContainerStarts } from "./containerStarts.ts";
import { measureEditing } from "./editing.ts";
import { durationMs, printTable, report } from "./figures.ts";
import { measureMemory } from "./memory.ts";
import { measurePanel } from "./panel.ts";
import { measureQueue } from "./queue.ts";
import { measureSoak } from "./soak.ts";
import { measureBesidePoolCalls } from "./warmCall.ts";

const chosen = process.argv.slice(2);
const benchFolder = import.meta.dirname;

await build();
const dataFolder = await mkdtemp(join(cacheFolder, "bench-"));
const target = new LocalTarget({ enginePath: join(rootFolder, "dist", "engine.cjs"), dataFolder });
try {
  const { path: python } = await resolveInterpreter({ folder: benchFolder });
  const ready = await durationMs(() => target.engine());
  report({ name: "engine ready, from nothing", unit: "ms", ours: ready, limit: 1_000 });
  const { address, engine, modal } = await target.running();
  await engine.deploy({ path: join(benchFolder, "functions.py"), python });
  await part("containers", () => measureContainerStarts(modal, python));
  await part("pool", () => measureBesideProcessPool(modal, python));
  if (process.env.BENCH_PEERS === "1") await part("peers", () => measureBesidePeers(modal));
  await part("call", () => measureBesidePoolCalls(modal, python));
  await part("spawn", () => measureBesideEcho(modal));
  await part("sdk", () => measureBesideSdk(modal, address));
  await part("items", () => measureBesideStream(modal));
  await part("queue", () => measureQueue(modal, address.pid));
  await part("editing", measureEditing);
  await part("graph", measureCallGraph);
  await part("memory", () => measureMemory(modal, address.pid));
  // These take minutes or need a browser, so only by their names.
  if (chosen.includes("activation")) await measureActivation();
  if (chosen.includes("panel")) await measurePanel();
  if (chosen.includes("soak")) await measureSoak({ modal, engine, address }, dataFolder, python);
  await engine.shutDown();
} finally {
  target.close();
  await rm(dataFolder, { recursive: true, force: true, maxRetries: 10 });
}
for (const bundle of ["extension/extension.js", "engine.cjs", "webview.js"]) {
  report({ name: `size of ${bundle}`, unit: "kB", ours: (await stat(join(rootFolder, "dist", bundle))).size / 1_000 });
}
printTable();

async function part(name: string, measure: () => Promise<void> | void): Promise<void> {
  if (chosen.length === 0 || chosen.includes(name)) await measure();
}
