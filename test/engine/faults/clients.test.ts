import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { collected, EngineHarness, until } from "../engineHarness.ts";
import { countsOf, NOTING, runsIn } from "./faultHarness.ts";

const MIB = 1024 * 1024;
const POLLS = 10_000;

const source = `import os, time
import modal

app = modal.App("clients")

@app.function(max_containers=2)
def note(x, path):
    noted(path, x)
    time.sleep(0.002)
    return x

@app.function()
def wait(gate):
    while not os.path.exists(gate):
        time.sleep(0.01)
    return "passed"

@app.function()
def pour(n):
    for i in range(n):
        yield b"x" * 1_000_000
${NOTING}`;

async function memoryBytes(pid: number): Promise<number> {
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024;
}

test("clients that behave badly harm nobody else", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("clients", name);

  await t.test("one that vanishes in a map: what it sent is run once, and others are served", async () => {
    const path = `${harness.folder}/notes`;
    const leaving = harness.modal();
    const rows = Array.from({ length: 500 }, (_, index) => [index, path]);
    const results = collected(leaving.functions.fromName("clients", "note").starmap(rows));
    const refused = assert.rejects(results);
    await until("some have run", async () => (await runsIn(path)).length > 20);
    leaving.close();
    await refused;
    const other = `${harness.folder}/other`;
    assert.equal(await named("note").remote([7, other]), 7);
    await until("nothing is left to do", async () => (await harness.engine().getStatus({})).unfinishedInputs === 0);
    for (const [input, count] of countsOf(await runsIn(path))) assert.equal(count, 1, `input ${input}`);
  });

  await t.test("one that never reads a stream costs no memory", async () => {
    const call = await named("pour").spawn([5]);
    assert.equal((await collected(call.getGen())).length, 5);
    const before = await memoryBytes(harness.ready.pid);
    const { functionCallId } = await named("pour").spawn([150]);
    const callInfo = { case: "functionCallId", value: functionCallId } as const;
    const streams = Array.from({ length: 3 }, () => harness.service().functionCallGetDataOut({ callInfo }));
    const first = await Promise.all(streams.map((stream) => stream[Symbol.asyncIterator]().next()));
    assert.ok(first.every(({ done }) => !done));
    await until("all was yielded", async () => (await harness.engine().getStatus({})).unfinishedInputs === 0);
    const grown = (await memoryBytes(harness.ready.pid)) - before;
    assert.ok(grown < 100 * MIB, `the engine grew by ${Math.round(grown / MIB)} MiB`);
  });

  await t.test("one that asks for 10,000 long polls gets its answers", async () => {
    const gate = `${harness.folder}/gate`;
    const { functionCallId } = await named("wait").spawn([gate]);
    const service = harness.service();
    const polls = Array.from({ length: POLLS }, () =>
      service.functionGetOutputs({ functionCallId, timeout: 55, maxValues: 1, lastEntryId: "0-0" }),
    );
    const answers = Promise.all(polls);
    assert.equal(await named("note").remote([1, `${harness.folder}/meanwhile`]), 1);
    await writeFile(gate, "");
    const counts = (await answers).map(({ outputs }) => outputs.length);
    assert.deepEqual(new Set(counts), new Set([1]));
  });
});
