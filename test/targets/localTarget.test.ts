import assert from "node:assert/strict";
import { test } from "node:test";
import { findEngine, stopEngine } from "../../src/targets/engineProcess.ts";
import { LocalTarget } from "../../src/targets/localTarget.ts";
import { NoEngineError } from "../../src/targets/targetError.ts";
import { engineFolder, isAlive, killed, until } from "./engineFolder.ts";

test("clients are shared, also by those who ask at the same time", async (t) => {
  const target = new LocalTarget(await engineFolder(t));
  t.after(() => target.close());
  const [first, second] = await Promise.all([target.modal(), target.modal()]);
  assert.equal(first, second);
  assert.equal(await target.modal(), first);
  assert.equal((await (await target.engine()).status()).apps, 2);
});

test("an engine that died is started again", async (t) => {
  const target = new LocalTarget(await engineFolder(t));
  t.after(() => target.close());
  const { pid } = await (await target.engine()).status();
  killed(pid);
  await until("the engine is gone", () => !isAlive(pid));
  const again = await (await target.engine()).status();
  assert.notEqual(again.pid, pid);
});

test("asking for a running engine starts none", async (t) => {
  const target = new LocalTarget(await engineFolder(t));
  t.after(() => target.close());
  await assert.rejects(target.running(), NoEngineError);
  await target.engine();
  assert.equal((await (await target.running()).engine.status()).apps, 2);
});

test("a kept engine is started again when it dies, and not when it was stopped", async (t) => {
  const launch = await engineFolder(t);
  const target = new LocalTarget(launch);
  t.after(() => target.close());
  const { pid } = await (await target.engine()).status();
  target.keepRunning();
  killed(pid);
  const found = () => findEngine(launch.dataFolder);
  await until("another engine runs", async () => ![undefined, pid].includes((await found())?.pid));
  const { address, engine } = await target.running();
  await stopEngine(engine, address.pid);
  const other = new LocalTarget(await engineFolder(t));
  t.after(() => other.close());
  await other.engine(); // As long as it takes to start an engine.
  assert.equal(await found(), undefined);
});
