import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, median, repeated, report } from "./figures.ts";
import { peersPython } from "./peerPackages.ts";
import { measureWork, type PeerWork, peerWork, reportWork } from "./work.ts";

const CALLS = 300;

/** Measures calls and maps beside Celery with Redis and beside Dask distributed, each in turn with ours. */
export async function measureBesidePeers(modal: ModalClient): Promise<void> {
  const python = await peersPython();
  const celery = () => withRedis((url) => peerWork(python, "celeryPeer.py", { BENCH_REDIS: url, C_FORCE_ROOT: "1" }));
  await measureBeside(modal, "Celery with Redis", celery);
  await measureBeside(modal, "Dask distributed", () => peerWork(python, "daskPeer.py"));
}

async function measureBeside(modal: ModalClient, who: string, measurePeer: () => Promise<PeerWork>): Promise<void> {
  const square = modal.functions.fromName("bench", "square");
  const ours = await measureWork(modal);
  const calls = () => repeated(CALLS, () => durationMs(() => square.remote([7])));
  await calls(); // Until then our program is not compiled; the peers have as many.
  const before = await calls();
  const peer = await measurePeer();
  const after = await calls();
  reportWork(who, ours, peer);
  report({ name: `warm call, beside ${who}`, unit: "ms", ours: median([...before, ...after]), peer: peer.call });
}

/** A Redis of its own, in memory, which goes with the work. */
async function withRedis<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-redis-"));
  const socket = join(folder, "redis.sock");
  const options = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder];
  const redis = spawn("redis-server", options, { stdio: ["ignore", "pipe", "inherit"] });
  try {
    for await (const line of createInterface(redis.stdout)) if (line.includes("eady to accept")) break;
    redis.stdout.resume();
    return await work(`redis+socket://${socket}`);
  } finally {
    redis.kill();
    await rm(folder, { recursive: true, force: true });
  }
}
