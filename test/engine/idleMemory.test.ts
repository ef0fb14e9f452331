import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { IdleMemory } from "../../src/engine/idleMemory.ts";
import { ENGINE_NODE_OPTIONS } from "../../src/targets/engineStart.ts";
import { FakeClock } from "./fakeClock.ts";
import { microtasks } from "./poolHarness.ts";

/** So that two looks fall into it. */
const A_WHILE_MS = 10_000;

function started() {
  const clock = new FakeClock();
  const engine = { changes: 50_000, isBusy: false, collections: 0 };
  const memory = new IdleMemory({
    clock,
    isBusy: () => engine.isBusy,
    changes: () => engine.changes,
    collect: () => engine.collections++,
  });
  memory.start();
  return { engine, memory, clock, rest: () => clock.advance(A_WHILE_MS, microtasks) };
}

test("memory goes back once after work, when nothing is to be done", async () => {
  const { engine, rest } = started();
  await rest();
  assert.equal(engine.collections, 0, "nothing was done since the start");
  engine.changes += 5_000;
  engine.isBusy = true;
  await rest();
  assert.equal(engine.collections, 0, "an input still runs");
  engine.isBusy = false;
  await rest();
  assert.equal(engine.collections, 1);
  await rest();
  assert.equal(engine.collections, 1, "nothing was done since");
  engine.changes += 5_000;
  await rest();
  assert.equal(engine.collections, 2);
});

test("memory stays while calls come again and again, and after few of them", async () => {
  const { engine, clock, rest } = started();
  for (let second = 0; second < 60; second++) {
    engine.changes += 100;
    await clock.advance(1_000, microtasks);
  }
  assert.equal(engine.collections, 0, "there was no quiet moment");
  await rest();
  assert.equal(engine.collections, 1);
  engine.changes += 10;
  await rest();
  assert.equal(engine.collections, 1, "few calls leave little behind");
});

test("nothing is looked at any more when the engine ends", async () => {
  const { engine, memory, clock, rest } = started();
  engine.changes += 5_000;
  memory.close();
  await rest();
  assert.equal(engine.collections, 0);
  assert.equal(clock.pending, 0);
});

test("an engine is started so that it may collect its garbage", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...ENGINE_NODE_OPTIONS, "-p", "typeof gc"]);
  assert.equal(stdout.trim(), "function");
});
