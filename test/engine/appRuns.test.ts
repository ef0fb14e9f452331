import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as settled } from "node:timers/promises";
import { AppRuns } from "../../src/engine/runs/appRuns.ts";
import { openStore } from "../../src/engine/store/store.ts";
import { ContainerRecords } from "../../src/engine/workers/containerRecords.ts";
import type { WorkerEvents, WorkerLaunch } from "../../src/engine/workers/worker.ts";
import { FakeClock } from "./fakeClock.ts";

const FOREVER = new AbortController().signal;

function harness(run: "attended" | "detached") {
  const store = openStore(undefined);
  const clock = new FakeClock();
  const containers = new ContainerRecords(() => clock.now());
  const stopped: string[] = [];
  const runs = new AppRuns({
    ...{ store, clock, containers },
    stop: async (id) => {
      stopped.push(id);
      await store.apps.stop(id, 2);
      runs.stopped(id);
    },
  });
  const definition = { name: "app", functions: [], not_applied: [] };
  const version = { environment: "main", digest: "one", python: "python3", definition, deployedAt: 1, run };
  const start = () => store.database.transaction(() => store.apps.addDeployment(version)).appId;
  const appId = start();
  runs.started(appId);
  const pass = (seconds: number) => clock.advance(seconds * 1_000, () => settled());
  return { store, clock, containers, runs, appId, start, stopped, pass };
}

test("a run that nobody attends in time is stopped", async () => {
  const { appId, stopped, pass } = harness("attended");
  await pass(9);
  assert.deepEqual(stopped, []);
  await pass(2);
  assert.deepEqual(stopped, [appId]);
});

test("it lives while somebody attends it, and when they come again in time", async () => {
  const { runs, appId, stopped, pass, clock } = harness("attended");
  for (let time = 1; time <= 3; time++) {
    const client = new AbortController();
    const attended = runs.attend(appId, client.signal);
    assert.ok(runs.isAttended(appId));
    await pass(3_600);
    client.abort();
    await attended;
    await pass(9);
  }
  assert.deepEqual(stopped, []);
  await pass(2);
  assert.deepEqual(stopped, [appId]);
  assert.equal(clock.pending, 0);
  await assert.rejects(runs.attend(appId, FOREVER), /does not run any more/);
});

test("of two clients, the last that goes counts", async () => {
  const { runs, appId, stopped, pass } = harness("attended");
  const first = new AbortController();
  const attended = [runs.attend(appId, first.signal), runs.attend(appId, FOREVER)];
  first.abort();
  await attended[0];
  await pass(60);
  assert.deepEqual(stopped, []);
});

test("whoever attends a run that is stopped waits for its containers", async () => {
  const { runs, containers, appId } = harness("attended");
  const events: WorkerEvents[] = [];
  const startWorker = containers.recording((_launch, given) => {
    events.push(given);
    return {} as never;
  });
  startWorker({ taskId: "ta-1", app: { id: appId, name: "app" } } as WorkerLaunch, { exited: () => {} } as never);
  let isOver = false;
  const attended = runs.attend(appId, FOREVER).then(() => {
    isOver = true;
  });
  runs.stopped(appId);
  await settled();
  assert.equal(isOver, false);
  events[0]?.exited("ended with exit code 0");
  await attended;
});

test("a detached run that nobody attends goes on until its calls are finished", async () => {
  const { store, appId, stopped, pass } = harness("detached");
  let isUnfinished = true;
  store.calls.hasUnfinished = () => isUnfinished;
  await pass(3_600);
  assert.deepEqual(stopped, []);
  isUnfinished = false;
  await pass(5);
  assert.deepEqual(stopped, [appId]);
});

test("runs of an earlier engine are stopped when nobody comes; deployed apps and stopped runs are left alone", async () => {
  const { store, runs, start, stopped, pass } = harness("attended");
  runs.close();
  const [left, over] = [start(), start()];
  await store.apps.stop(over, 1);
  const definition = { name: "deployed", functions: [], not_applied: [] };
  const version = { environment: "main", digest: "one", python: "python3", definition, deployedAt: 1 };
  store.database.transaction(() => store.apps.addDeployment(version));
  runs.recover();
  await pass(11);
  assert.ok(stopped.includes(left));
  assert.ok(!stopped.includes(over));
  assert.equal(store.apps.deployed("main", "deployed")?.stoppedAt, undefined);
});

test("runs have their name for themselves", () => {
  const { store, start } = harness("attended");
  assert.notEqual(start(), start());
  assert.equal(store.apps.deployed("main", "app"), undefined);
});

test("a client that says again and again that it is there keeps a run alive, and silence ends it", async () => {
  const { runs, appId, stopped, pass } = harness("attended");
  for (let time = 1; time <= 5; time++) {
    runs.heartbeat(appId);
    assert.ok(runs.isAttended(appId));
    await pass(45);
  }
  assert.deepEqual(stopped, []);
  await pass(10);
  assert.deepEqual(stopped, [appId]);
  assert.throws(() => runs.heartbeat(appId), /does not run any more/);
});

test("a deployed app needs nobody any more", async () => {
  const { runs, appId, stopped, clock, pass } = harness("attended");
  runs.heartbeat(appId);
  runs.deployed(appId);
  await pass(100);
  assert.deepEqual(stopped, []);
  assert.equal(clock.pending, 0);
});
