import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ModalClient } from "../../src/client/index.ts";
import type { RatioLimit } from "./figures.ts";
import { peersPython } from "./peerPackages.ts";
import { measureWarmCall } from "./warmCall.ts";
import { measureWork, type Peer, reportWork, startPeer, type Work } from "./work.ts";

/** Measures calls and maps beside Celery with Redis and beside Dask distributed, each in turn with ours. */
export async function measureBesidePeers(modal: ModalClient): Promise<void> {
  const python = await peersPython();
  await withRedis((url) => {
    const env = { BENCH_REDIS: url, C_FORCE_ROOT: "1" };
    const celery: BesidePeer = {
      who: "Celery with Redis",
      start: () => startPeer(python, "celeryPeer.py", env),
      ratiosAtLeast: { map: 25, echo: 2 },
      warmCall: { ratioAtMost: 0.6 },
    };
    return measureBeside(modal, celery);
  });
  await measureBeside(modal, {
    who: "Dask distributed",
    start: () => startPeer(python, "daskPeer.py"),
    ratiosAtLeast: { map: 30 },
  });
}

/** Somebody else who does the same work, and what must hold beside it. */
interface BesidePeer {
  readonly who: string;
  readonly start: () => Peer;
  readonly ratiosAtLeast: Partial<Work>;
  readonly warmCall?: RatioLimit;
}

async function measureBeside(modal: ModalClient, { who, start, ratiosAtLeast, warmCall }: BesidePeer): Promise<void> {
  const ours = await measureWork(modal);
  const peer = start();
  try {
    reportWork(who, ours, await peer.work(), ratiosAtLeast);
    await measureWarmCall(modal, who, peer, warmCall);
  } finally {
    peer.close();
  }
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
