import { callGraphText } from "../src/cli/callGraphText.ts";
import { jsonText } from "../src/cli/json.ts";
import { bytesText, counted } from "../src/cli/render.ts";
import type { FunctionCall, ModalClient, ModalFunction } from "../src/client/index.ts";
import { ProgressLine } from "./progressLine.ts";
import { seconds } from "./step.ts";

const statsIntervalMs = 200;
const longestResult = 400;

/** Calls the samples as a program would, with the bundled client: a map, a spawn and a cancel, each followed live. */
export async function tour(modal: ModalClient, signal: AbortSignal): Promise<void> {
  await mapTiles(modal, signal);
  await spawnCount(modal, signal);
  await cancelSlow(modal, signal);
}

async function mapTiles(modal: ModalClient, signal: AbortSignal): Promise<void> {
  const fn = await modal.functions.lookup("mandelbrot", "tile");
  console.log("▸ Map: the 64 tiles of a picture, mandelbrot.tile(0) to tile(63)");
  const startedAt = performance.now();
  const call = await fn.spawnMap(Array.from({ length: 64 }, (_, index) => [index]));
  const bytes = await follow(call, fn, signal);
  console.log(`  ${bytesText(bytes)} of PNG in ${seconds(startedAt)}`);
}

async function spawnCount(modal: ModalClient, signal: AbortSignal): Promise<void> {
  const fn = await modal.functions.lookup("word-count", "count_library");
  console.log("▸ Spawn: word-count.count_library(), which calls further functions");
  const call = await fn.spawn();
  console.log(`  ${call.functionCallId} was started; its result is waited for.`);
  await follow(call, fn, signal);
  const result = jsonText(await call.get({ signal }));
  console.log(`  Result: ${result.length > longestResult ? `${result.slice(0, longestResult)}…` : result}`);
  console.log("  Call graph:");
  console.log(callGraphText(await call.getCallGraph()).replace(/^/gm, "    "));
}

async function cancelSlow(modal: ModalClient, signal: AbortSignal): Promise<void> {
  const fn = await modal.functions.lookup("slow", "find_primes");
  console.log("▸ Cancel: slow.find_primes(60), as soon as it runs");
  const call = await fn.spawn([60]);
  while ((await fn.getCurrentStats()).numRunningInputs === 0) await pause(signal);
  await call.cancel();
  await follow(call, fn, signal);
}

/** Shows how a call stands until it is finished. Returns the size of its results in bytes. */
async function follow(call: FunctionCall, fn: ModalFunction, signal: AbortSignal): Promise<number> {
  const line = new ProgressLine();
  const { numInputs } = await call.hydrate();
  const finished = new Map<string, number>();
  const finishedInputs = () => [...finished.values()].reduce((sum, count) => sum + count, 0);
  const sampling = new AbortController();
  const sample = async () => {
    while (!sampling.signal.aborted) {
      const { backlog, numTotalRunners } = await fn.getCurrentStats();
      line.show(
        `${finishedInputs()} of ${counted(numInputs, "input")} · ${counted(numTotalRunners, "runner")} · backlog ${backlog}`,
      );
      await pause(sampling.signal);
    }
  };
  const sampled = sample();
  let bytes = 0;
  for await (const { outputs } of call.outputs({ signal })) {
    for (const { status, data } of outputs) {
      finished.set(status, (finished.get(status) ?? 0) + 1);
      bytes += data.byteLength;
    }
  }
  sampling.abort();
  await sampled;
  line.end([...finished].map(([status, count]) => `${count} ${status}`).join(", "));
  return bytes;
}

/** Ends early, without an error, when the signal aborts. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, statsIntervalMs);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
