import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import { collected, EngineHarness, until } from "../engineHarness.ts";
import { countsOf, NOTING, runsIn } from "./faultHarness.ts";
import { SmallDisk } from "./smallDisk.ts";

const source = `import os, time
import modal

app = modal.App("disk")

@app.function(max_containers=2)
def note(x, path, gate):
    while not os.path.exists(gate):
        time.sleep(0.01)
    noted(path, x)
    return x

@app.function()
def sized(data):
    return len(data)

@app.function()
def large(size):
    return b"x" * size
${NOTING}`;

/** A disk that can be full. */
interface Disk {
  fill(): void;
  empty(): void;
}

type Work = (harness: EngineHarness, disk: Disk) => Promise<void>;

/** An engine whose data is on a small disk of its own. Skips where nothing can be mounted. */
async function onSmallDisk(t: TestContext, work: Work): Promise<void> {
  const harness = await EngineHarness.start(t);
  await harness.end("SIGTERM");
  const disk = SmallDisk.mount(harness.dataFolder, "16m");
  if (!disk) return t.skip("mounting a small disk takes root");
  try {
    await harness.restart();
    await harness.deploy(source);
    await work(harness, disk);
  } finally {
    disk.unmount();
  }
}

/** An engine that may write nothing to files for a while, which takes no rights. */
async function withLimitedFiles(t: TestContext, work: Work): Promise<void> {
  if (process.platform !== "linux") return t.skip("limits of another process can be set on Linux only");
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  await work(harness, new LimitedFiles(harness));
}

/** Limits the size of an engine's files (RLIMIT_FSIZE). What it starts meanwhile has the limit, too. */
class LimitedFiles implements Disk {
  readonly #harness: EngineHarness;

  constructor(harness: EngineHarness) {
    this.#harness = harness;
  }

  fill(): void {
    this.#limit("0");
  }

  empty(): void {
    this.#limit("resource.RLIM_INFINITY");
  }

  #limit(size: string): void {
    const set = `resource.prlimit(${this.#harness.ready.pid}, resource.RLIMIT_FSIZE, (${size}, resource.RLIM_INFINITY))`;
    execFileSync("python3", ["-c", `import resource; ${set}`]);
  }
}

const kinds = [
  { disk: "a full disk", on: onSmallDisk },
  { disk: "a limit on files", on: withLimitedFiles },
];
/** What the system, and SQLite, say of the two. */
const REFUSED = /nothing was accepted \((ENOSPC|EFBIG|.*full|disk I\/O error).*\); make room on the disk and try again/;

const INPUTS = 50;

async function repeated(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let time = 0; time < times; time++) await work();
}

/** Containers that start later would have no room either. */
async function untilBothRun(harness: EngineHarness): Promise<void> {
  const note = harness.modal().functions.fromName("disk", "note");
  await until("both containers work", async () => (await note.getCurrentStats()).numRunningInputs === 2);
}

for (const { disk: name, on } of kinds) {
  test(`${name} is an error that says so; what was accepted waits, and goes on when there is room`, async (t) => {
    await on(t, async (harness, disk) => {
      const modal = harness.modal();
      const [notes, gate] = [`${harness.folder}/notes`, `${harness.folder}/gate`];
      const note = modal.functions.fromName("disk", "note");
      const sized = modal.functions.fromName("disk", "sized");
      await sized.remote([new Uint8Array(10)]);
      const call = await note.spawnMap(Array.from({ length: INPUTS }, (_, index) => [index, notes, gate]));

      await untilBothRun(harness);
      disk.fill();
      // The store's log may have some room left over.
      await assert.rejects(
        repeated(200, () => sized.spawn([new Uint8Array(100_000)])),
        REFUSED,
      );
      await assert.rejects(sized.spawn([new Uint8Array(1_000_000)]), REFUSED);
      await assert.rejects(harness.deploy(`${source}\n# another version\n${"#".repeat(100_000)}`), REFUSED);
      await writeFile(gate, "");
      await until("all inputs have run", async () => (await runsIn(notes)).length >= INPUTS);

      disk.empty();
      const outputs = (await collected(call.outputs())).flatMap((batch) => batch.outputs);
      assert.deepEqual(
        outputs.map((output) => output.value()).sort((a, b) => Number(a) - Number(b)),
        Array.from({ length: INPUTS }, (_, index) => index),
      );
      assert.deepEqual(new Set(countsOf(await runsIn(notes)).values()), new Set([1]));
      assert.equal(await sized.remote([new Uint8Array(1_000_000)]), 1_000_000);
      assert.equal(
        ((await modal.functions.fromName("disk", "large").remote([3_000_000])) as Uint8Array).length,
        3_000_000,
      );
    });
  });

  test(`killing the engine at ${name} loses nothing that was accepted`, async (t) => {
    await on(t, async (harness, disk) => {
      const [notes, gate] = [`${harness.folder}/notes`, `${harness.folder}/gate`];
      const note = harness.modal().functions.fromName("disk", "note");
      const call = await note.spawnMap(Array.from({ length: INPUTS }, (_, index) => [index, notes, gate]));
      await untilBothRun(harness);
      disk.fill();
      await writeFile(gate, "");
      await until("some inputs have run", async () => (await runsIn(notes)).length >= 10);
      await harness.end("SIGKILL");
      await until("its containers are gone", async () => (await harness.pythonProcesses()).length === 0);
      if (on === onSmallDisk) disk.empty(); // The next engine has no limit.
      await harness.restart();
      const found = harness.modal().calls.fromId(call.functionCallId);
      const outputs = (await collected(found.outputs())).flatMap((batch) => batch.outputs);
      assert.deepEqual(new Set(outputs.map((output) => output.value())), new Set(Array(INPUTS).keys()));
    });
  });
}

test("an engine that finds its disk full says so", async (t) => {
  await onSmallDisk(t, async (harness, disk) => {
    await harness.end("SIGKILL");
    await until("its containers are gone", async () => (await harness.pythonProcesses()).length === 0);
    disk.fill();
    const { stderr, code } = await harness.run(["--data", harness.dataFolder, "--json"]).ended;
    assert.equal(code, 1);
    assert.match(stderr, /(ENOSPC|full).*(make room on its disk|choose another data folder)/);
    assert.equal(stderr.trim().split("\n").length, 1);
  });
});
