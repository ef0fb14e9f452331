import assert from "node:assert/strict";
import { test } from "node:test";
import { InternalFailure } from "../../../src/client/index.ts";
import { collected, EngineHarness, until } from "../engineHarness.ts";
import { countsOf, FAULT_RUNS, killEngine, momentsIn, NOTING, type Remains, runsIn } from "./faultHarness.ts";

const INPUTS = 1_000;
/** Long enough for so many kills to fall into the work. */
const NAP_S = FAULT_RUNS * 0.001;
const SEED = 20_260_401;
const indexes = Array.from({ length: INPUTS }, (_, index) => index);

const source = `import os, time
import modal

app = modal.App("kills")

@app.function(max_containers=2)
def note(x, path):
    noted(path, x)
    time.sleep(${NAP_S})
    return x

@app.function()
def count(n):
    for i in range(n):
        time.sleep(0.002)
        yield i
${NOTING}`;

async function started(t: Parameters<typeof EngineHarness.start>[0]) {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const notes = `${harness.folder}/notes`;
  return { harness, notes, rows: indexes.map((index) => [index, notes]), modal: harness.modal() };
}

/** Waits until so many runs were noted, or the work is over. */
async function untilRuns(notes: string, count: number, work: { done: boolean }): Promise<void> {
  await until(`${count} inputs have run`, async () => work.done || (await runsIn(notes)).length >= count);
}

function watched<T>(promise: Promise<T>): { done: boolean; readonly promise: Promise<T> } {
  const work = { done: false, promise };
  const end = () => {
    work.done = true;
  };
  promise.then(end, end);
  return work;
}

/** Inputs that had their output when an engine was killed never ran again. */
async function assertFinishedStayedSo(notes: string, remains: readonly Remains[]): Promise<void> {
  const runs = await runsIn(notes);
  for (const { finished, runs: before } of remains) {
    const again = runs.slice(before).filter(({ input }) => finished.has(input));
    assert.deepEqual(again, []);
  }
  const counts = countsOf(runs);
  assert.equal(counts.size, INPUTS);
}

test("a map whose engine is killed again and again: each result once, in order, and nothing finished runs again", async (t) => {
  const { harness, notes, rows, modal } = await started(t);
  const results: unknown[] = [];
  const receive = async () => {
    for await (const result of modal.functions.fromName("kills", "note").starmap(rows)) results.push(result);
  };
  const work = watched(receive());
  const remains: Remains[] = [];
  let received = 0;
  for (const moment of momentsIn(INPUTS, FAULT_RUNS, SEED)) {
    await untilRuns(notes, moment, work);
    // A client that reaches none of so many engines would rightly give up.
    await until("it has more results", () => work.done || remains.length === 0 || results.length > received);
    if (work.done) break;
    received = results.length;
    remains.push(await killEngine(harness, notes));
    await harness.restart();
  }
  await work.promise;
  t.diagnostic(`${remains.length} engines were killed`);
  assert.deepEqual(results, indexes);
  assert.ok(remains.length > 0);
  await assertFinishedStayedSo(notes, remains);
});

test("a spawned map whose engine and containers are killed: every input that was acknowledged ends, once", async (t) => {
  const { harness, notes, rows, modal } = await started(t);
  const { functionCallId } = await modal.functions.fromName("kills", "note").spawnMap(rows);
  const remains: Remains[] = [];
  for (const [round, moment] of momentsIn(INPUTS, FAULT_RUNS, SEED + 1).entries()) {
    await untilRuns(notes, moment, { done: false });
    if (round % 2) for (const pid of await harness.pythonProcesses()) process.kill(pid, "SIGKILL");
    remains.push(await killEngine(harness, notes));
    await harness.restart();
  }
  const batches = await collected(harness.modal().calls.fromId(functionCallId).outputs());
  const outputs = batches.flatMap((batch) => batch.outputs).sort((a, b) => a.index - b.index);
  assert.deepEqual(
    outputs.map((output) => output.value()),
    indexes,
  );
  await assertFinishedStayedSo(notes, remains);
});

test("a map whose containers are killed: only what a killed one was at runs again", async (t) => {
  const { notes, rows, modal } = await started(t);
  const work = watched(collected(modal.functions.fromName("kills", "note").starmap(rows)));
  const killed = new Set<number>();
  for (const moment of momentsIn(INPUTS, FAULT_RUNS, SEED + 2)) {
    await untilRuns(notes, moment, work);
    if (work.done) break;
    const victim = (await runsIn(notes)).at(-1)?.pid;
    if (victim === undefined || killed.has(victim)) continue;
    killed.add(victim);
    process.kill(victim, "SIGKILL");
  }
  assert.deepEqual(await work.promise, indexes);
  const runs = await runsIn(notes);
  const lastOfKilled = new Set([...killed].map((pid) => runs.findLast((run) => run.pid === pid)?.input));
  for (const [input, count] of countsOf(runs)) {
    if (count > 1) assert.ok(lastOfKilled.has(input), `input ${input} ran ${count} times`);
  }
  assert.equal(countsOf(runs).size, INPUTS);
});

test("a generator that is read while its engine is killed: items in order, each once, then its end or a failure", async (t) => {
  const { harness, modal } = await started(t);
  const count = modal.functions.fromName("kills", "count");
  for (const moment of momentsIn(300, Math.ceil(FAULT_RUNS / 4), SEED + 3)) {
    const items: unknown[] = [];
    let failure: unknown;
    const reading = (async () => {
      for await (const item of count.remoteGen([300])) items.push(item);
    })().catch((error: unknown) => {
      failure = error;
    });
    await until(`${moment} items were read`, () => items.length >= moment);
    await harness.end("SIGKILL");
    await harness.restart();
    await reading;
    assert.deepEqual(items, indexes.slice(0, items.length));
    if (failure === undefined) assert.equal(items.length, 300);
    else assert.ok(failure instanceof InternalFailure, String(failure));
  }
});
