import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { PayloadFiles } from "../../src/engine/payloads/payloadFiles.ts";
import { type RetentionLimits, retentionLimits } from "../../src/engine/retention/limits.ts";
import { Retention } from "../../src/engine/retention/retention.ts";
import { openStore } from "../../src/engine/store/store.ts";
import { until } from "./engineHarness.ts";
import { definitionOf } from "./poolHarness.ts";
import { newInputs, SchedulerHarness, settled } from "./schedulerHarness.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const NO_LIMITS: RetentionLimits = { maxAgeMs: 0, maxBytes: 0 };
/** Past the time for which results stay in any case. */
const NOT_FRESH_MS = 11 * MINUTE_MS;

/** A scheduler, and the retention of its store. */
async function housekeeping(t: TestContext, given: Partial<RetentionLimits>) {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-retention-"));
  t.after(() => rm(folder, { recursive: true }));
  const harness = new SchedulerHarness();
  const { store, scheduler, clock } = harness;
  const payloads = new PayloadFiles(folder);
  payloads.open(() => false);
  const deployments = { clean: () => {} };
  const payloadBytes = () => Promise.resolve(0);
  const parts = { store, payloads, scheduler, deployments, clock, payloadBytes };
  const retention = new Retention(parts, { ...NO_LIMITS, ...given });
  t.after(() => retention.close());
  /** A call of one input with so many bytes. */
  const callWith = async (bytes: number, isFinished = true): Promise<string> => {
    const [input] = newInputs(1);
    if (!input) throw new Error("There is no input.");
    const { functionCallId } = await harness.start([{ ...input, args: new Uint8Array(bytes) }]);
    if (isFinished) await harness.finishAll();
    return functionCallId;
  };
  const has = (functionCallId: string) => store.calls.get(functionCallId) !== undefined;
  return { harness, store, clock, retention, callWith, has };
}

test("calls that are too old are forgotten at a quiet moment, without being asked", async (t) => {
  const { clock, retention, callWith, has } = await housekeeping(t, { maxAgeMs: DAY_MS });
  const old = await callWith(1);
  await clock.advance(DAY_MS - MINUTE_MS, settled);
  const recent = await callWith(1);
  retention.start();
  await clock.advance(2 * MINUTE_MS, settled);
  await until("the old one is gone", () => !has(old));
  assert.equal(has(recent), true);
});

test("beyond the size the oldest finished calls go, never what is unfinished or fresh", async (t) => {
  const { harness, clock, retention, store, callWith, has } = await housekeeping(t, { maxBytes: 3_500_000 });
  const unfinished = await callWith(1_000_000, false);
  const finished: string[] = [];
  for (let call = 0; call < 3; call++) finished.push(await finishedCall(harness, 1_000_000));
  await clock.advance(NOT_FRESH_MS, settled);
  finished.push(await finishedCall(harness, 1_000_000));
  assert.equal((await retention.countBeyondLimits()).functionCalls, 2);
  assert.deepEqual(finished.map(has), [true, true, true, true], "it only counted");
  assert.equal((await retention.applyLimits()).functionCalls, 2);
  assert.deepEqual(finished.map(has), [false, false, true, true]);
  assert.equal(has(unfinished), true);
  assert.ok(store.database.usedBytes < 3_500_000);
});

/** A call of another function that is over, while `f` runs on. */
async function finishedCall(harness: SchedulerHarness, bytes: number): Promise<string> {
  const [input] = newInputs(1);
  if (!input) throw new Error("There is no input.");
  const inputs = [{ ...input, args: new Uint8Array(bytes) }];
  const { functionCallId } = await harness.start(inputs, { functionId: harness.functionId("g") });
  await cancel(harness, functionCallId);
  return functionCallId;
}

async function cancel({ scheduler, store }: SchedulerHarness, functionCallId: string): Promise<void> {
  const call = store.calls.get(functionCallId);
  if (!call) throw new Error("There is no such call.");
  await scheduler.cancel(call, false);
  await settled();
}

/** Counts the turns of the event loop while something is under way. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  await work;
  isOver = true;
  return turns;
}

test("a call of many inputs is counted and goes in steps, also what an engine that died left of it", async (t) => {
  const { harness, store, retention } = await housekeeping(t, {});
  const { functionCallId } = await harness.start(newInputs(10_000));
  await cancel(harness, functionCallId);
  const number = store.calls.get(functionCallId)?.number ?? 0;
  const counted = retention.countOlder(0);
  const turnsOfCounting = await turnsDuring(counted);
  assert.deepEqual(await counted, { functionCalls: 1, bytes: 10_000 });
  assert.ok(turnsOfCounting >= 10, `others had ${turnsOfCounting} turns while it was counted`);
  await store.database.write(() => store.forgotten.add(number)); // And then the engine dies.
  assert.equal(store.calls.progress(number).inputs, 10_000);
  const turnsOfForgetting = await turnsDuring(retention.applyLimits());
  assert.equal(store.calls.progress(number).inputs, 0);
  assert.ok(turnsOfForgetting >= 40, `others had ${turnsOfForgetting} turns while it was forgotten`);
});

test("calls are served while one of many inputs is forgotten", async (t) => {
  const { harness, store, retention } = await housekeeping(t, {});
  const { functionCallId } = await harness.start(newInputs(50_000));
  await cancel(harness, functionCallId);
  const number = store.calls.get(functionCallId)?.number ?? 0;
  const forgotten = retention.forgetOlder(0);
  const served = await harness.start(newInputs(3));
  await harness.finishAll();
  assert.deepEqual(await harness.statuses(served.functionCallId), ["SUCCESS", "SUCCESS", "SUCCESS"]);
  assert.notEqual(store.calls.progress(number).inputs, 0, "some of it was still to be forgotten");
  await forgotten;
  assert.equal(store.calls.progress(number).inputs, 0);
});

test("the instances of a stopped app go with its calls", async (t) => {
  const { harness, store, retention } = await housekeeping(t, {});
  const base = store.apps.function(harness.functionId("f"));
  assert.ok(base);
  const binding = {
    baseId: base.functionId,
    parameters: [],
    pickled: new Uint8Array(),
    options: { max_containers: 1 },
  };
  const instance = await store.database.write(() => store.apps.bind(base, binding));
  await retention.forgetOlder(0);
  assert.ok(store.apps.function(instance));
  await store.apps.stop(harness.appId, 1);
  await retention.forgetOlder(0);
  assert.equal(store.apps.function(instance), undefined);
});

test("an app that ran without being deployed goes when it ended long ago, and nothing is left of it", async (t) => {
  const { harness, store, clock, retention } = await housekeeping(t, { maxAgeMs: DAY_MS });
  const { apps } = store;
  const definition = { name: "script", functions: [definitionOf("main")], not_applied: [] };
  const run = {
    environment: "main",
    digest: "d",
    python: "python3",
    definition,
    deployedAt: 1,
    run: "attended",
  } as const;
  const started = () => store.database.transaction(() => apps.addDeployment(run));
  const [ended, called, printed, recent, alive] = [started(), started(), started(), started(), started()];
  const main = ({ appId }: { appId: string }) => {
    const [found] = apps.functions(appId);
    assert.ok(found);
    return found;
  };
  const { functionCallId } = await harness.start(newInputs(1), { functionId: main(called).functionId });
  await cancel(harness, functionCallId);
  const now = clock.unixMs() / 1_000;
  store.database.transaction(() => {
    const binding = { baseId: main(ended).functionId, parameters: [], pickled: new Uint8Array(), options: {} };
    apps.bind(main(ended), binding);
    const log = { functionId: "", taskId: "ta-1", input: undefined, fileDescriptor: 1, data: "hello" };
    store.logs.insert({ ...log, appId: printed.appId, at: now - 1 });
  });
  for (const { appId } of [ended, called, printed]) await apps.stop(appId, now - (2 * DAY_MS) / 1_000);
  await apps.stop(recent.appId, now);
  const left = () => new Set(apps.list().map(({ appId }) => appId));

  await retention.applyLimits();
  assert.deepEqual(left(), new Set([called, printed, recent, alive, harness].map(({ appId }) => appId)));
  assert.deepEqual([apps.everyFunction(ended.appId), apps.history(ended.appId)], [[], []]);
  await retention.forgetOlder(0);
  assert.deepEqual(left(), new Set([alive.appId, harness.appId]), "what runs, and what is deployed");
});

test("limits that are given are kept for later; 30 days and 10 GiB at first", async () => {
  const { settings, database } = openStore(undefined);
  assert.deepEqual(retentionLimits(settings, {}), { maxAgeMs: 30 * DAY_MS, maxBytes: 10 * 1024 ** 3 });
  retentionLimits(settings, { maxAgeMs: DAY_MS });
  database.flush();
  assert.deepEqual(retentionLimits(settings, {}), { maxAgeMs: DAY_MS, maxBytes: 10 * 1024 ** 3 });
  retentionLimits(settings, { maxBytes: 0 });
  database.flush();
  assert.deepEqual(retentionLimits(settings, {}), { maxAgeMs: DAY_MS, maxBytes: 0 });
});
