import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { EngineClient } from "../../src/targets/engineClient.ts";
import { findEngine, findOrStartEngine, stopEngine } from "../../src/targets/engineProcess.ts";
import { engineArguments } from "../../src/targets/engineStart.ts";
import { EngineStartError } from "../../src/targets/targetError.ts";
import { engineFolder, isAlive, killed, until } from "./engineFolder.ts";

test("an engine is started once and found again", async (t) => {
  const launch = await engineFolder(t);
  assert.equal(await findEngine(launch.dataFolder), undefined);
  const started = await findOrStartEngine(launch);
  const found = await findOrStartEngine(launch);
  assert.equal(found.pid, started.pid);
  assert.notEqual(started.pid, process.pid);
  assert.equal(found.url, started.url);
});

test("what a killed engine left behind is not taken for an engine", async (t) => {
  const launch = await engineFolder(t);
  const first = await findOrStartEngine(launch);
  killed(first.pid);
  await until("the engine is gone", () => !isAlive(first.pid));
  assert.equal(await findEngine(launch.dataFolder), undefined);
  const second = await findOrStartEngine(launch);
  assert.notEqual(second.pid, first.pid);
});

test("another program at the engine's port is not taken for an engine", async (t) => {
  const launch = await engineFolder(t);
  const { pid, url } = await findOrStartEngine(launch);
  const stale = { url, pid, tokenId: "ak-other", tokenSecret: "as-other" };
  await writeFile(join(launch.dataFolder, "engine.json"), JSON.stringify(stale));
  assert.equal(await findEngine(launch.dataFolder), undefined);
});

test("a half-written address is no address", async (t) => {
  const launch = await engineFolder(t);
  await writeFile(join(launch.dataFolder, "engine.json"), '{"url":"http://127.0.0.1');
  assert.equal(await findEngine(launch.dataFolder), undefined);
});

test("starters that race end up with the same engine", async (t) => {
  const launch = await engineFolder(t);
  process.env.FAKE_ENGINE = "300";
  t.after(() => delete process.env.FAKE_ENGINE);
  const addresses = await Promise.all([1, 2, 3].map(() => findOrStartEngine(launch)));
  assert.equal(new Set(addresses.map(({ pid }) => pid)).size, 1);
});

test("an engine that fails on start is quoted", async (t) => {
  const launch = await engineFolder(t);
  process.env.FAKE_ENGINE = "broken";
  t.after(() => delete process.env.FAKE_ENGINE);
  await assert.rejects(findOrStartEngine(launch), (error) => {
    assert.ok(error instanceof EngineStartError);
    assert.equal(error.message, "The local engine could not be started: The store is full of eels.");
    return true;
  });
});

test("the token does not get into the log", async (t) => {
  const launch = await engineFolder(t);
  await findOrStartEngine(launch);
  assert.doesNotMatch(await readFile(join(launch.dataFolder, "engine.log"), "utf8"), /as-fake/);
});

test("a stopped engine is gone when the stop is over", async (t) => {
  const launch = await engineFolder(t);
  const address = await findOrStartEngine(launch);
  const engine = new EngineClient(address);
  await stopEngine(engine, address.pid);
  engine.close();
  assert.equal(isAlive(address.pid), false);
  assert.equal(await findEngine(launch.dataFolder), undefined);
});

test("an engine is told the limits that are set, and no others", () => {
  const launch = { enginePath: "/engine.cjs", dataFolder: "/data" };
  const options = (text: string) => text.match(/--(?:keep|memory)\S+ \S+/g) ?? [];
  assert.deepEqual(options(engineArguments(launch).join(" ")), []);
  const limits = { keepDays: 7, keepGigabytes: 0, memoryLimitMib: 512 };
  assert.deepEqual(options(engineArguments({ ...launch, ...limits }).join(" ")), [
    "--keep-days 7",
    "--keep-gigabytes 0",
    "--memory-limit 512",
  ]);
});
