import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ModalClient } from "../../src/client/index.ts";
import { median, report } from "./figures.ts";
import { liveBytes, MEGABYTE, residentBytes } from "./memory.ts";
import type { Bench } from "./part.ts";

/** About 5,000 inputs each. */
const ROUNDS = 40;
const WARM_ROUNDS = 10;
const MAPPED = 4_800;
const IDLE_SECONDS = 60;
/** Clock ticks of Linux are a hundredth of a second in all that `/proc` says. */
const TICKS_PER_SECOND = 100;

/** What is counted after each round, by its name. */
type Sample = Readonly<Record<string, number>>;

/**
 * An hour's worth of mixed work (200,000 inputs) in a few minutes: maps, single calls, generators, failures, cancels, logs, nested calls, class instances
 * and new versions. Reports what each thing that could leak is at after the warm-up and at the end, and what an idle minute costs.
 * For Linux, which tells of other processes in `/proc`.
 */
export async function measureSoak({ modal, engine, address, dataFolder, python }: Bench): Promise<void> {
  const source = await readFile(join(import.meta.dirname, "soak.py"), "utf8");
  const path = join(dataFolder, "soak.py");
  const samples: Sample[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (round % 5 === 0) {
      await writeFile(path, `${source}\n# round ${round}\n`);
      await engine.deploy({ path, python });
    }
    await mixedWork(modal, round);
    samples.push(await sample(address.pid, dataFolder));
  }
  const warm = samples.slice(WARM_ROUNDS, WARM_ROUNDS * 2);
  const last = samples.slice(-WARM_ROUNDS);
  for (const name of Object.keys(samples[0] ?? {})) {
    const middle = (some: readonly Sample[]) => median(some.map((one) => one[name] ?? Number.NaN));
    report({
      name: `soak, ${name}: at the end, beside after the warm-up`,
      unit: "",
      ours: middle(last),
      peer: middle(warm),
    });
  }
  await reportIdleMinute(address.pid);
}

async function mixedWork(modal: ModalClient, round: number): Promise<void> {
  const named = (name: string) => modal.functions.fromName("soak", name);
  for await (const _ of named("square").map([range(MAPPED)])) {
    // Only counted by the engine.
  }
  for (let call = 0; call < 20; call++) await named("square").remote([call]);
  for await (const _ of named("count").remoteGen([200])) {
    // Read to its end.
  }
  const failures = range(20).map((index) =>
    named("fail")
      .remote([`no ${index}`])
      .catch(() => undefined),
  );
  const naps = await Promise.all(range(5).map(() => named("nap").spawn([600])));
  await Promise.all([...failures, ...naps.map((nap) => nap.cancel()), named("say").remote([500])]);
  await named("nested").remote([100]);
  const greeter = modal.classes.fromName("soak", "Greeter").instance({ name: `round ${round}` });
  await greeter.method("greet").remote();
}

async function sample(pid: number, dataFolder: string): Promise<Sample> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return {
    "resident memory of the engine in MB": residentBytes(pid) / MEGABYTE,
    "open descriptors of the engine": (await readdir(`/proc/${pid}/fd`)).length,
    "processes of the engine": children.split(" ").filter(Boolean).length,
    "write-ahead log in MB": (await sizeOf(join(dataFolder, "engine.sqlite-wal"))) / MEGABYTE,
    "heap of the client in MB, without garbage": liveBytes() / MEGABYTE,
    "handles of the client": process.getActiveResourcesInfo().length,
  };
}

async function reportIdleMinute(pid: number): Promise<void> {
  const before = await cpuSeconds(pid);
  await delay(IDLE_SECONDS * 1_000);
  report({ name: "processor time of the engine in an idle minute", unit: "s", ours: (await cpuSeconds(pid)) - before });
  report({ name: "resident memory of the engine after it", unit: "MB", ours: residentBytes(pid) / MEGABYTE });
}

async function cpuSeconds(pid: number): Promise<number> {
  // After the name, which may hold spaces: state is the first field, user and system time the 12th and 13th.
  const fields = (await readFile(`/proc/${pid}/stat`, "utf8")).split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
