import assert from "node:assert/strict";
import { test } from "node:test";
import { ConnectionError, InternalFailure } from "../../../src/client/index.ts";
import { collected, EngineHarness, until } from "../engineHarness.ts";
import {
  countsOf,
  FAULT_RUNS,
  killEngine,
  momentsIn,
  NOTING,
  type Remains,
  runsIn,
  seeded,
  untilRuns,
  watched,
} from "./faultHarness.ts";

const INPUTS = 1_000;
const ITEMS = 300;
/** Long enough for so many kills to fall into the work. */
const NAP_S = FAULT_RUNS * 0.001;
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
  await harness.end("SIGTERM"); // So that those that are killed start fast, too.
  await harness.restart();
  await harness.deploy(source);
  const notes = `${harness.folder}/notes`;
  return { harness, notes, rows: indexes.map((index) => [index, notes]), modal: harness.modal() };
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

test(
  "a map whose engine is killed again and again: each result once, in order, and nothing finished runs again",
  seeded(1, async (t, seed) => {
    const { harness, notes, rows, modal } = await started(t);
    const results: unknown[] = [];
    const receive = async () => {
      for await (const result of modal.functions.fromName("kills", "note").starmap(rows)) results.push(result);
    };
    const work = watched(receive());
    const remains: Remains[] = [];
    let received = 0;
    for (const moment of momentsIn(INPUTS, FAULT_RUNS, seed)) {
      await untilRuns(notes, moment, work);
      // A client that reaches none of so many engines would rightly give up.
      await until("it has more results", () => work.done || results.length > received);
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
  }),
);

test(
  "a spawned map whose engine and containers are killed: every input that was acknowledged ends, once",
  seeded(2, async (t, seed) => {
    const { harness, notes, rows, modal } = await started(t);
    const { functionCallId } = await modal.functions.fromName("kills", "note").spawnMap(rows);
    const remains: Remains[] = [];
    for (const [round, moment] of momentsIn(INPUTS, FAULT_RUNS, seed).entries()) {
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
  }),
);

test(
  "a generator that is read while its engine is killed: items in order, each once, then its end or a failure",
  seeded(3, async (t, seed) => {
    const { harness, modal } = await started(t);
    const count = modal.functions.fromName("kills", "count");
    for (const moment of momentsIn(ITEMS, Math.ceil(FAULT_RUNS / 4), seed)) {
      const items: unknown[] = [];
      let failure: unknown;
      const reading = (async () => {
        for await (const item of count.remoteGen([ITEMS])) items.push(item);
      })().catch((error: unknown) => {
        failure = error;
      });
      await until(`${moment} items were read`, () => items.length >= moment || failure !== undefined);
      await harness.end("SIGKILL");
      await harness.restart();
      await reading;
      assert.deepEqual(items, indexes.slice(0, items.length));
      if (failure === undefined) assert.equal(items.length, ITEMS);
      // On a busy machine the next engine may take longer than a client waits.
      else assert.ok(failure instanceof InternalFailure || failure instanceof ConnectionError, String(failure));
    }
  }),
);
