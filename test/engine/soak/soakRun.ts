import { AssertionError } from "node:assert";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ConnectionError, InternalFailure, ModalClient, ServiceError } from "../../../src/client/index.ts";
import { Relay } from "../../client/relay.ts";
import { Dice } from "../dice.ts";
import { EngineHarness, until } from "../engineHarness.ts";
import { SmallDisk } from "../faults/smallDisk.ts";
import { faults, troubleFiles, type Victim } from "./faults.ts";
import { wrongInFolder, wrongOutputs } from "./inspection.ts";
import type { Ledger } from "./ledger.ts";
import { type Caller, kindsOfWork } from "./work.ts";

const DISK_SIZE = "4g";
const CALLERS = 6;
const LONGEST_PAUSE_MS = 1_500;
/** How long work may take that was under way at the last fault, before it counts as hanging. */
const PATIENCE_MS = 120_000;
/** Descriptors of an engine to which hardly anybody is connected. */
const MOST_DESCRIPTORS = 200;

interface Soak {
  readonly seconds: number;
  readonly seed: number;
  readonly ledger: Ledger;
}

/** Has an engine work at faults, and writes all that was done and found into the ledger. */
export async function soak({ seconds, seed, ledger }: Soak): Promise<void> {
  const atEnd: (() => void | Promise<void>)[] = [];
  try {
    const victim = await prepared(seed, (clean) => atEnd.unshift(clean));
    const { harness, relay } = victim;
    const over = new AbortController();
    const callers = Array.from({ length: CALLERS }, (_, number) =>
      callUntil(over.signal, {
        modal: client(harness, relay, number),
        dice: new Dice(seed + 1 + number),
        ledger,
        folder: harness.folder,
      }),
    );
    await throwFaults(victim, ledger, performance.now() + seconds * 1_000);
    over.abort();
    await inTime(Promise.all(callers), () => ledger.findings.push("Work that was under way at the last fault hangs."));
    await lookAtCalls(harness, ledger);
    await measure(harness, ledger);
    await lookAtFolder(harness, ledger);
  } finally {
    for (const clean of atEnd) await clean();
  }
}

/** An engine on a small disk, whose clock and disk can be troubled, with the app deployed. */
async function prepared(seed: number, after: (clean: () => void | Promise<void>) => void): Promise<Victim> {
  const harness = await EngineHarness.start({ after: (clean) => after(clean as () => Promise<void>) });
  await harness.end("SIGTERM");
  const disk = SmallDisk.mount(harness.dataFolder, DISK_SIZE);
  if (disk) after(() => disk.unmount());
  const files = troubleFiles(harness.folder);
  const preloads = ["jumpingClock", "slowDisk"].map((name) =>
    fileURLToPath(new URL(`../faults/${name}.ts`, import.meta.url)),
  );
  Object.assign(process.env, {
    JUMPING_CLOCK: files.clock,
    SLOW_DISK: files.slowDisk,
    NODE_OPTIONS: preloads.map((path) => `--import=${path}`).join(" "),
  });
  await harness.restart();
  const relay = await Relay.to(Number(new URL(harness.ready.url).port)); // An engine that starts again has its port again.
  after(() => relay[Symbol.asyncDispose]());
  const source = await readFile(new URL("./functions.py", import.meta.url), "utf8");
  let version = 0;
  const deploy = async () => {
    await harness.deploy(`${source}\n# version ${++version}\n`);
  };
  await deploy();
  return { harness, dice: new Dice(seed), relay, disk, deploy };
}

/** One in three comes by the port, one by a relay that can be cut, one by the socket file and the data folder. */
function client(harness: EngineHarness, relay: Relay, number: number): ModalClient {
  const { tokenId, tokenSecret, socketPath } = harness.ready;
  if (number % 3 === 0) return harness.modal();
  if (number % 3 === 1 || !socketPath) return new ModalClient({ url: relay.url, tokenId, tokenSecret });
  return new ModalClient({ url: `unix://${socketPath}`, tokenId, tokenSecret, engineDataFolder: harness.dataFolder });
}

async function callUntil(over: AbortSignal, caller: Caller): Promise<void> {
  const names = Object.keys(kindsOfWork);
  while (!over.aborted) {
    const name = caller.dice.pick(names) ?? "";
    try {
      await kindsOfWork[name]?.(caller);
      caller.ledger.done(name);
    } catch (error) {
      if (error instanceof AssertionError || !isExplained(error)) caller.ledger.findings.push(`${name}: ${error}`);
      else caller.ledger.failed(name, error);
    }
  }
  caller.modal.close();
}

/** Failures that calls may end by while the engine is killed, its containers are, and its disk is full. */
function isExplained(error: unknown): error is Error {
  if (error instanceof ConnectionError || error instanceof ServiceError || error instanceof InternalFailure)
    return true;
  // A blob is fetched from the address that the engine had before.
  return error instanceof Error && /make room on the disk|could not be (down|up)loaded/.test(error.message);
}

async function throwFaults(victim: Victim, ledger: Ledger, untilMs: number): Promise<void> {
  const { dice } = victim;
  const names = Object.keys(faults);
  while (performance.now() < untilMs) {
    await delay(dice.below(LONGEST_PAUSE_MS));
    const name = dice.pick(names) ?? "";
    try {
      await faults[name]?.(victim);
      ledger.fault(name);
    } catch (error) {
      ledger.findings.push(`While faults were thrown (${name}): ${error}`);
    }
  }
}

async function inTime<T>(work: Promise<T>, late: () => void): Promise<void> {
  const timer = new AbortController();
  const isLate = await Promise.race([
    work.then(() => false),
    delay(PATIENCE_MS, true, { signal: timer.signal }).catch(() => false),
  ]);
  timer.abort();
  if (isLate) late();
}

async function lookAtCalls(harness: EngineHarness, ledger: Ledger): Promise<void> {
  const engine = harness.engine();
  const rest = until("nothing is left to do", async () => (await engine.getStatus({})).unfinishedInputs === 0);
  await rest.catch((error: Error) => ledger.findings.push(error.message));
  const modal = harness.modal();
  const looking = (async () => {
    for (const call of ledger.calls) {
      const wrong = await wrongOutputs(modal, call, ledger).catch((error: Error) => [
        `${call.functionCallId}: ${error}`,
      ]);
      ledger.findings.push(...wrong);
    }
  })();
  await inTime(looking, () => ledger.findings.push("The outputs of an acknowledged call are waited for in vain."));
  modal.close();
}

async function measure(harness: EngineHarness, ledger: Ledger): Promise<void> {
  const { pid } = harness.ready;
  const descriptors = (await readdir(`/proc/${pid}/fd`)).length;
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  ledger.measured["descriptors of the engine"] = descriptors;
  ledger.measured["memory of the engine in MB"] = Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024);
  if (descriptors > MOST_DESCRIPTORS) ledger.findings.push(`The engine has ${descriptors} descriptors open.`);
}

/** Ends the engine, as it should end, and looks at what it leaves. */
async function lookAtFolder(harness: EngineHarness, ledger: Ledger): Promise<void> {
  await harness.end("SIGTERM");
  // An engine tidies up after its predecessors when it starts.
  await harness.restart();
  const { code } = await harness.end("SIGTERM");
  if (code !== 0) ledger.findings.push(`The engine ended with ${code}.`);
  const processes = async () => [
    ...(await harness.pythonProcesses()),
    ...(await harness.templates()),
    ...(await harness.spares()),
  ];
  await until("no process of the engine is left", async () => (await processes()).length === 0).catch((error: Error) =>
    ledger.findings.push(error.message),
  );
  ledger.findings.push(...wrongInFolder(harness.dataFolder));
  const said = harness.stderr.split("\n").filter((line) => line && !/Warning|disk is full|ENOSPC/.test(line));
  if (said.length > 0) ledger.findings.push(`The engine complained of ${said.length} things, such as: ${said[0]}`);
}
