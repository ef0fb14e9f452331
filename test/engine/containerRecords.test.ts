import assert from "node:assert/strict";
import { test } from "node:test";
import { ContainerRecords } from "../../src/engine/workers/containerRecords.ts";
import type { WorkerEvents } from "../../src/engine/workers/worker.ts";
import { launchOf } from "./poolHarness.ts";

const silent: WorkerEvents = {
  ready: () => {},
  failed: () => {},
  item: () => {},
  output: () => {},
  log: () => {},
  request: () => Promise.resolve({ value: {} }),
  waits: () => () => {},
  exited: () => {},
};

/** Starts containers that do nothing, and gives their events as the records let them through. */
function started() {
  const clock = { ms: 1_000_000 };
  const records = new ContainerRecords(() => clock.ms);
  let inner = silent;
  const start = records.recording((_, events) => {
    inner = events;
    return { send: () => {}, recall: () => {}, cancel: () => {}, stop: () => {}, kill: () => {} };
  });
  return {
    records,
    clock,
    start: (taskId: string, events: Partial<WorkerEvents> = {}) => {
      start({ ...launchOf({}), taskId }, { ...silent, ...events });
      return inner;
    },
  };
}

test("a container's times and its end are remembered, and whoever listens is told as before", () => {
  const { records, clock, start } = started();
  const told: string[] = [];
  const events = start("ta-1", { ready: () => told.push("ready"), exited: (reason) => told.push(reason) });
  const at = clock.ms / 1_000;
  assert.deepEqual([records.get("ta-1")?.enqueuedAt, records.get("ta-1")?.startedAt], [at, 0]);
  clock.ms += 2_000;
  events.ready();
  clock.ms += 3_000;
  events.exited("was killed by SIGKILL");
  const { startedAt, finishedAt, exception } = records.get("ta-1") ?? {};
  assert.deepEqual([startedAt, finishedAt], [at + 2, at + 5]);
  assert.equal(exception, "The container's Python process was killed by SIGKILL.");
  assert.deepEqual(told, ["ready", "was killed by SIGKILL"]);
  assert.equal(records.get("ta-2"), undefined);
});

test("user code that cannot be imported is why a container ended; a normal end has no reason", () => {
  const { records, start } = started();
  const broken = start("ta-1");
  broken.failed({ exception: "SyntaxError('no')", traceback: "" });
  broken.exited("ended with exit code 1");
  assert.equal(records.get("ta-1")?.exception, "SyntaxError('no')");
  start("ta-2").exited("ended with exit code 0");
  assert.equal(records.get("ta-2")?.exception, "");
});

test("of those that ended only the last thousand are known, of the others all", () => {
  const { records, start } = started();
  start("ta-alive");
  for (let number = 0; number < 1_001; number++) start(`ta-${number}`).exited("ended with exit code 0");
  assert.equal(records.get("ta-0"), undefined);
  assert.ok(records.get("ta-1"));
  assert.ok(records.get("ta-1000"));
  assert.ok(records.get("ta-alive"));
});
