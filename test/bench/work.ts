import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { ModalClient } from "../../src/client/index.ts";
import { durationMs, median, repeated, report } from "./figures.ts";

/** The maps that pools of workers are compared by; processPool.py has the same. */
export interface Work {
  /** A map of 10,000 tiny inputs, in inputs per second. */
  readonly map: number;
  /** A map of 1,000 naps of 10 ms, in inputs per second. */
  readonly nap: number;
  /** A map of 100 echoes of 1 MB, in MB per second. */
  readonly echo: number;
}

/** Does the work through the whole way: client, socket, durable store and containers. */
export async function measureWork(modal: ModalClient): Promise<Work> {
  const perSecond = async (name: string, inputs: readonly unknown[]) => {
    const ms = await durationMs(async () => {
      for await (const _ of modal.functions.fromName("bench", name).map([inputs]));
    });
    return inputs.length / (ms / 1_000);
  };
  const numbers = Array.from({ length: 10_000 }, (_, index) => index);
  const megabyte = new Uint8Array(1_000_000);
  // By then, the programs of client and engine are compiled.
  await repeated(3, () => perSecond("square", numbers));
  const map = median(await repeated(3, () => perSecond("square", numbers)));
  await perSecond("nap", [0.1, 0.1]); // Starts the containers.
  const nap = await perSecond("nap", Array<number>(1_000).fill(0.01));
  await perSecond("echo", Array<Uint8Array>(4).fill(megabyte));
  const echo = await perSecond("echo", Array<Uint8Array>(100).fill(megabyte));
  return { map, nap, echo };
}

/** A peer's process. */
export interface Peer {
  /** What it tells first, when it has done the work. */
  work(): Promise<Work>;
  /** Makes some calls, and tells how long each took, in milliseconds. */
  calls(count: number): Promise<number[]>;
  close(): void;
}

/** Starts a peer: a Python script beside this file, with as many workers as we have containers. */
export function startPeer(python: string, script: string, env: Record<string, string> = {}): Peer {
  const args = [join(import.meta.dirname, script), String(availableParallelism())];
  const child = spawn(python, args, { env: { ...process.env, ...env }, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${script} ended before it had told its figures.`);
    return JSON.parse(value);
  };
  return {
    work: answer,
    calls: (count) => {
      child.stdin.write(`${count}\n`);
      return answer();
    },
    close: () => child.stdin.end(),
  };
}

/**
 * @param who names the peer after "beside"
 * @param ratiosAtLeast what must hold
 */
export function reportWork(who: string, ours: Work, peer: Work, ratiosAtLeast: Partial<Work>): void {
  const figures: [keyof Work, string, string][] = [
    ["map", "map of 10,000 tiny inputs", "inputs/s"],
    ["nap", "map of 1,000 naps of 10 ms", "inputs/s"],
    ["echo", "map of 100 echoes of 1 MB", "MB/s"],
  ];
  for (const [key, name, unit] of figures) {
    const ratioAtLeast = ratiosAtLeast[key];
    const must = ratioAtLeast === undefined ? {} : { ratioAtLeast };
    report({ name: `${name}, beside ${who}`, unit, ours: ours[key], peer: peer[key], ...must });
  }
}
