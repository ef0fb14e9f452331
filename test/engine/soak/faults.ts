import { writeFileSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Relay } from "../../client/relay.ts";
import type { Dice } from "../dice.ts";
import type { EngineHarness } from "../engineHarness.ts";
import type { SmallDisk } from "../faults/smallDisk.ts";

/** What faults are done to. */
export interface Victim {
  readonly harness: EngineHarness;
  readonly dice: Dice;
  readonly relay: Relay;
  /** Undefined where no disk may be mounted. */
  readonly disk: SmallDisk | undefined;
  /** Makes the functions another version of their app. */
  deploy(): Promise<void>;
}

/** Does a fault, and undoes it where that takes somebody: a full disk is emptied, a process that was stopped goes on. */
type Fault = (victim: Victim) => Promise<void>;

/** Files by which an engine is told of a wrong clock and of a slow disk (`jumpingClock.ts`, `slowDisk.ts`). */
export const troubleFiles = (folder: string) => ({ clock: join(folder, "clock"), slowDisk: join(folder, "slowDisk") });

const LONGEST_MS = 1_500;
const HOUR_MS = 60 * 60 * 1_000;

export const faults: Readonly<Record<string, Fault>> = {
  async "kill a container"({ harness, dice }) {
    signal(dice.pick(await harness.pythonProcesses()), "SIGKILL");
  },
  async "kill all containers"({ harness }) {
    for (const pid of await harness.pythonProcesses()) signal(pid, "SIGKILL");
  },
  async "kill a template and what it forked ahead"({ harness, dice }) {
    for (const pid of [dice.pick(await harness.templates()), dice.pick(await harness.spares())]) signal(pid, "SIGKILL");
  },
  async "kill the engine"({ harness }) {
    await harness.end("SIGKILL");
    await harness.restart();
  },
  async "kill the engine while it starts"({ harness, dice }) {
    await harness.end("SIGKILL");
    const starting = harness.restart().catch(() => undefined);
    await delay(dice.below(LONGEST_MS));
    await harness.end("SIGKILL");
    await starting;
    await harness.restart();
  },
  async "end the engine and start it again"({ harness }) {
    await harness.end("SIGTERM");
    await harness.restart();
  },
  async "freeze a container"({ harness, dice }) {
    await frozen(dice.pick(await harness.pythonProcesses()), dice.below(LONGEST_MS));
  },
  async "freeze the engine"({ harness, dice }) {
    await frozen(harness.ready.pid, dice.below(LONGEST_MS));
  },
  async "cut the connections"({ relay }) {
    relay.cut();
  },
  async "a client that vanishes from a map"({ harness, dice }) {
    const modal = harness.modal();
    const results = modal.functions.fromName("soak", "square").map([Array.from({ length: 200 }, (_, x) => x)]);
    const reading = (async () => {
      let count = 0;
      for await (const _ of results) if (++count === 50) return;
    })().catch(() => undefined);
    await Promise.race([reading, delay(dice.below(LONGEST_MS))]);
    modal.close();
    await reading;
  },
  async "half a request"({ harness, dice }) {
    const session = connectHttp2(harness.ready.url);
    session.on("error", () => {});
    const path = "/modal.client.ModalClient/FunctionMap";
    const request = session.request({
      ":path": path,
      ":method": "POST",
      "content-type": "application/grpc",
      ...harness.tokens(),
    });
    request.on("error", () => {});
    request.write(Buffer.from([0, 0, 0, 1, 0, 10, dice.below(256)])); // 256 bytes are promised, two come.
    await delay(dice.below(100));
    session.destroy();
  },
  async "bytes that are no request"({ harness, dice }) {
    const socket = connect(Number(new URL(harness.ready.url).port), "127.0.0.1");
    socket.on("error", () => {});
    socket.end(Buffer.from(Array.from({ length: dice.below(500) }, () => dice.below(256))));
    socket.resume();
    await delay(dice.below(100));
    socket.destroy();
  },
  async "a full disk"({ disk, dice }) {
    disk?.fill();
    await delay(dice.below(LONGEST_MS));
    disk?.empty();
  },
  async "kill the engine at a full disk"({ harness, disk, dice }) {
    disk?.fill();
    await delay(dice.below(LONGEST_MS));
    await harness.end("SIGKILL");
    disk?.empty();
    await harness.restart();
  },
  async "a slow disk"({ harness, dice }) {
    const { slowDisk } = troubleFiles(harness.folder);
    writeFileSync(slowDisk, String(dice.below(200)));
    await delay(LONGEST_MS);
    writeFileSync(slowDisk, "0");
  },
  async "a clock that jumps"({ harness, dice }) {
    writeFileSync(troubleFiles(harness.folder).clock, String(dice.below(4 * HOUR_MS) - 2 * HOUR_MS));
  },
  async "another version of the app"({ deploy }) {
    await deploy();
  },
};

async function frozen(pid: number | undefined, durationMs: number): Promise<void> {
  signal(pid, "SIGSTOP");
  await delay(durationMs);
  signal(pid, "SIGCONT");
}

function signal(pid: number | undefined, name: "SIGKILL" | "SIGSTOP" | "SIGCONT"): void {
  try {
    if (pid !== undefined) process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
