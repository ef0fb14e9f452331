import assert from "node:assert/strict";
import { test } from "node:test";
import { InternalFailure } from "../../../src/client/index.ts";
import { collected, EngineHarness, until } from "../engineHarness.ts";
import {
  countsOf,
  FAULT_RUNS,
  momentsIn,
  NOTING,
  type Run,
  runsIn,
  seeded,
  untilRuns,
  watched,
} from "./faultHarness.ts";

const INPUTS = 1_000;
const indexes = Array.from({ length: INPUTS }, (_, index) => index);

const source = `import os, time
import modal

app = modal.App("container-kills")

@app.function(max_containers=2)
def note(x, path):
    noted(path, x)
    time.sleep(${FAULT_RUNS * 0.001})
    return x
${NOTING}`;

async function started(t: Parameters<typeof EngineHarness.start>[0]) {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const notes = `${harness.folder}/notes`;
  const note = harness.modal().functions.fromName("container-kills", "note");
  const rows = indexes.map((index) => [index, notes]);
  return { harness, notes, work: watched(collected(note.starmap(rows, { returnExceptions: true }))) };
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

/** Each input has its result once, and only those ran again that a killed container was at. */
function assertOnlyKilledRanAgain(
  results: readonly unknown[],
  runs: readonly Run[],
  killed: ReadonlySet<number>,
): void {
  const atKill = new Set([...killed].map((pid) => runs.findLast((run) => run.pid === pid)?.input));
  const counts = countsOf(runs);
  assert.equal(results.length, INPUTS);
  assert.equal(counts.size, INPUTS);
  for (const [index, result] of results.entries()) {
    const count = counts.get(index) ?? 0;
    if (count > 1) assert.ok(atKill.has(index), `input ${index} ran ${count} times`);
    if (result === index) continue;
    assert.ok(result instanceof InternalFailure, String(result));
    // Not each of them got so far as to note its run.
    assert.match(result.message, /, 3 times\.$/);
  }
}

/** The container that has begun an input last, once that is none of those that were killed. */
async function lastToBegin(notes: string, killed: ReadonlySet<number>, work: { done: boolean }): Promise<number> {
  let last = 0;
  await until("a living container has begun an input", async () => {
    last = (await runsIn(notes)).at(-1)?.pid ?? 0;
    return work.done || (last > 0 && !killed.has(last));
  });
  return last;
}

test(
  "a map whose containers are killed: only what a killed one was at runs again",
  seeded(4, async (t, seed) => {
    const { notes, work } = await started(t);
    const killed = new Set<number>();
    for (const moment of momentsIn(INPUTS, FAULT_RUNS, seed)) {
      await untilRuns(notes, moment, work);
      const victim = await lastToBegin(notes, killed, work);
      if (work.done) break;
      killed.add(victim);
      kill(victim);
    }
    assertOnlyKilledRanAgain(await work.promise, await runsIn(notes), killed);
    assert.ok(killed.size > 0);
  }),
);

test(
  "a map whose templates are killed, before and while they fork: only what a killed container was at runs again",
  seeded(5, async (t, seed) => {
    const { harness, notes, work } = await started(t);
    const killed = new Set<number>();
    let templates = 0;
    for (const [round, moment] of momentsIn(INPUTS, FAULT_RUNS, seed).entries()) {
      await untilRuns(notes, moment, work);
      if (round === 0) await until("there is a template", async () => (await harness.templates()).length > 0);
      const victim = await lastToBegin(notes, killed, work);
      if (work.done) break;
      killed.add(victim);
      const forking = await harness.templates();
      templates += forking.length;
      // The end of a container makes the engine ask for the next one. The other container goes on without its template.
      for (const pid of round % 2 ? [victim, ...forking] : [...forking, victim]) kill(pid);
    }
    assertOnlyKilledRanAgain(await work.promise, await runsIn(notes), killed);
    assert.ok(templates > 0);
  }),
);
