import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, report } from "./figures.ts";
import { liveBytes, MEGABYTE, residentBytes, rest } from "./memory.ts";

const INPUTS = 100_000;

/** Queues many inputs behind two that wait, and reports what engine and client take meanwhile; then lets all of them run. */
export async function measureQueue(modal: ModalClient, enginePid: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-bench-"));
  const gate = join(folder, "gate");
  const untilOpen = modal.functions.fromName("bench", "until_open");
  try {
    await open(gate);
    await untilOpen.remote([gate]); // Starts a container, and all that is allocated once.
    await rm(gate);
    await rest();
    const [liveBefore, clientBefore, engineBefore] = [
      liveBytes(),
      residentBytes(process.pid),
      residentBytes(enginePid),
    ];
    const call = await untilOpen.spawnMap(rows(gate));
    const [client, engine, live] = [residentBytes(process.pid), residentBytes(enginePid), liveBytes()];
    report({ name: "engine with 100,000 inputs in the queue", unit: "MB", ours: engine / MEGABYTE });
    report({ name: "of that for the queue", unit: "MB", ours: (engine - engineBefore) / MEGABYTE });
    report({ name: "growth of the client that queued them", unit: "MB", ours: (client - clientBefore) / MEGABYTE });
    report({ name: "of that still needed", unit: "MB", ours: (live - liveBefore) / MEGABYTE });
    await open(gate);
    let most = engine;
    let seen = 0;
    const ms = await durationMs(async () => {
      for await (const { outputs } of call.outputs()) {
        seen += outputs.length;
        most = Math.max(most, residentBytes(enginePid));
      }
    });
    if (seen !== INPUTS) throw new Error(`${seen} outputs came of ${INPUTS} inputs.`);
    report({ name: "engine while the queue is worked off, at most", unit: "MB", ours: most / MEGABYTE, limit: 300 });
    await rest();
    report({ name: "engine at rest after that", unit: "MB", ours: residentBytes(enginePid) / MEGABYTE });
    report({ name: "queue of 100,000 inputs worked off", unit: "inputs/s", ours: INPUTS / (ms / 1_000) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function open(gate: string): Promise<void> {
  return writeFile(gate, "");
}

function* rows(gate: string): Generator<[string]> {
  for (let input = 0; input < INPUTS; input++) yield [gate];
}
