import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { collected, EngineHarness, until } from "../engineHarness.ts";
import { countsOf, NOTING, runsIn } from "./faultHarness.ts";

const MIB = 1024 * 1024;

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

/** An engine whose data is on a small disk of its own, and a folder beside it. Undefined where nothing can be mounted. */
async function onSmallDisk(t: TestContext, work: (harness: EngineHarness, disk: Filler) => Promise<void>) {
  const harness = await EngineHarness.start(t);
  await harness.end("SIGTERM");
  const { dataFolder } = harness;
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16m", "none", dataFolder], { stdio: "ignore" });
  } catch {
    return t.skip("mounting a small disk takes root");
  }
  try {
    await harness.restart();
    await harness.deploy(source);
    await work(harness, new Filler(dataFolder));
  } finally {
    execFileSync("umount", ["--lazy", dataFolder]);
  }
}

/** A file that takes all the room there is. */
class Filler {
  readonly #path: string;

  constructor(folder: string) {
    this.#path = join(folder, "filler");
  }

  fill(): void {
    for (const block of [MIB, 4096, 1]) {
      try {
        for (;;) writeFileSync(this.#path, Buffer.alloc(block), { flag: "a" });
      } catch (error) {
        assert.equal((error as NodeJS.ErrnoException).code, "ENOSPC");
      }
    }
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }
}

const INPUTS = 50;

test("a full disk is an error that says so; what was accepted waits, and goes on when there is room", async (t) => {
  await onSmallDisk(t, async (harness, disk) => {
    const modal = harness.modal();
    const [notes, gate] = [`${harness.folder}/notes`, `${harness.folder}/gate`];
    const note = modal.functions.fromName("disk", "note");
    const sized = modal.functions.fromName("disk", "sized");
    await sized.remote([new Uint8Array(10)]);
    const call = await note.spawnMap(Array.from({ length: INPUTS }, (_, index) => [index, notes, gate]));

    disk.fill();
    const refused = /nothing was accepted \(.*full.*\); make room on the disk and try again/;
    await assert.rejects(sized.spawn([new Uint8Array(100_000)]), refused);
    await assert.rejects(sized.spawn([new Uint8Array(1_000_000)]), /nothing was accepted \(ENOSPC.*make room/);
    await assert.rejects(
      harness.deploy(`${source}\n# another version\n${"#".repeat(100_000)}`),
      /nothing was accepted/,
    );
    await writeFile(gate, "");
    await until("all inputs have run", async () => (await runsIn(notes)).length >= INPUTS);

    disk.remove();
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

test("killing the engine while its disk is full loses nothing that was accepted", async (t) => {
  await onSmallDisk(t, async (harness, disk) => {
    const [notes, gate] = [`${harness.folder}/notes`, `${harness.folder}/gate`];
    const note = harness.modal().functions.fromName("disk", "note");
    const call = await note.spawnMap(Array.from({ length: INPUTS }, (_, index) => [index, notes, gate]));
    disk.fill();
    await writeFile(gate, "");
    await until("some inputs have run", async () => (await runsIn(notes)).length >= 10);
    await harness.end("SIGKILL");
    await until("its containers are gone", async () => (await harness.pythonProcesses()).length === 0);
    disk.remove();
    await harness.restart();
    const found = harness.modal().calls.fromId(call.functionCallId);
    const outputs = (await collected(found.outputs())).flatMap((batch) => batch.outputs);
    assert.deepEqual(new Set(outputs.map((output) => output.value())), new Set(Array(INPUTS).keys()));
  });
});

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
