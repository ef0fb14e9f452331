import assert from "node:assert/strict";
import { access, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { ModalClient } from "../../src/client/index.ts";
import { EngineHarness, type Ready, until } from "./engineHarness.ts";

const source = `import subprocess, time
import modal

app = modal.App("life")

@app.function()
def square(x):
    return x * x

@app.function(min_containers=1)
def sleep_beside_a_child():
    subprocess.Popen(["sleep", "600"])
    time.sleep(600)
`;

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

/** An engine with an idle container, a busy one, and a process that user code started. */
async function busyEngine(harness: EngineHarness): Promise<void> {
  await harness.deploy(source);
  const modal = harness.modal();
  await modal.functions.fromName("life", "square").remote([2]);
  await modal.functions.fromName("life", "sleep_beside_a_child").spawn();
  await until("all processes are there", async () => (await harness.pythonProcesses()).length >= 3);
}

test("the engine says where it is, in its folder too, for the owner alone", async (t) => {
  const harness = await EngineHarness.start(t);
  const path = join(harness.dataFolder, "engine.json");
  assert.deepEqual(JSON.parse(await readFile(path, "utf8")), harness.ready);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  assert.deepEqual(Object.keys(harness.ready).sort(), [
    "data",
    "pid",
    ...(process.platform === "win32" ? [] : ["socketPath"]),
    "tokenId",
    "tokenSecret",
    "url",
  ]);
  const status = await harness.engine().getStatus({});
  assert.equal(status.pid, harness.ready.pid);
  assert.equal(status.dataFolder, harness.dataFolder);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} ends the engine and every process of its containers`, async (t) => {
    const harness = await EngineHarness.start(t);
    await busyEngine(harness);
    assert.deepEqual(await harness.end(signal), { code: 0, signal: null });
    await until("no process is left", async () => (await harness.pythonProcesses()).length === 0);
    assert.equal(await exists(join(harness.dataFolder, "engine.json")), false);
  });
}

test("shut down answers first, and what was unfinished runs on the next start", async (t) => {
  const harness = await EngineHarness.start(t);
  await busyEngine(harness);
  await harness.engine().shutDown({});
  assert.equal((await harness.ended()).code, 0);
  await until("no process is left", async () => (await harness.pythonProcesses()).length === 0);
  await harness.restart();
  assert.equal((await harness.engine().getStatus({})).unfinishedInputs, 1);
  await until("it runs again", async () => (await harness.pythonProcesses()).length >= 2);
  await harness.end("SIGTERM");
});

test("a folder belongs to one engine at a time", async (t) => {
  const harness = await EngineHarness.start(t);
  const { code, stderr, stdout } = await harness.run(["--data", harness.dataFolder, "--json"]).ended;
  assert.equal(code, 3);
  assert.equal(stdout, "");
  assert.match(stderr, /^Another engine \(process \d+, http:.+\) is using .*choose another folder\.\n$/);
  assert.equal((await harness.engine().getStatus({})).pid, harness.ready.pid, "the first one goes on");
});

test("a port that is taken is refused when it was asked for", async (t) => {
  const harness = await EngineHarness.start(t);
  const { port } = new URL(harness.ready.url);
  const { code, stderr } = await harness.run(["--data", `${harness.folder}/other`, "--port", port]).ended;
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^The port ${port} cannot be used .*\n$`));
});

test("wrong options are said in a sentence", async (t) => {
  const harness = await EngineHarness.start(t);
  for (const [options, message] of [
    [[], /Give --data DIR or --in-memory/],
    [["--in-memory", "--port", "x"], /--port takes a whole number/],
    [["--in-memory", "--no-such"], /no-such/],
  ] as const) {
    const { code, stderr } = await harness.run(options).ended;
    assert.equal(code, 2);
    assert.match(stderr, message);
  }
});

test("an idle engine ends itself, and not while there is work", async (t) => {
  // Long enough for a machine that is busy, so that the engine is not gone between two requests of this test.
  const harness = await EngineHarness.start(t, ["--idle-exit", "5"]);
  await harness.deploy(source.replace("time.sleep(600)", "time.sleep(7)"));
  const call = await harness.modal().functions.fromName("life", "sleep_beside_a_child").spawn();
  assert.deepEqual(await harness.ended(), { code: 0, signal: null });
  await harness.restart();
  assert.equal(await harness.modal().calls.fromId(call.functionCallId).get({ timeoutMs: 0 }), null);
});

test("in memory nothing stays behind", async (t) => {
  const harness = await EngineHarness.start(t);
  const temporary = await mkdtemp(join(tmpdir(), "spawnpoint-memory-"));
  t.after(() => rm(temporary, { recursive: true }));
  process.env.TMPDIR = temporary;
  const engine = harness.run(["--in-memory", "--json"]);
  delete process.env.TMPDIR;
  const ready = JSON.parse(await engine.firstLine) as Ready;
  assert.equal(ready.data, null);
  assert.equal((await readdir(temporary)).length, 1);
  const modal = new ModalClient(ready);
  assert.deepEqual(await modal.apps.list(), []);
  modal.close();
  engine.process.kill();
  assert.equal((await engine.ended).code, 0);
  assert.deepEqual(await readdir(temporary), []);
});

test("clean forgets finished calls with all that is theirs, and no other", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const running = await modal.functions.fromName("life", "sleep_beside_a_child").spawn();
  const finished = await modal.functions.fromName("life", "square").spawnMap([[1], [2]]);
  for (const index of [0, 1]) await finished.get({ index });
  assert.equal((await harness.engine().clean({ olderThanSeconds: 3_600 })).functionCalls, 0);
  await until("the call is finished", async () => {
    const { functionCalls, bytes } = await harness.engine().clean({ olderThanSeconds: 0 });
    return functionCalls === 1 && bytes > 0n;
  });
  await assert.rejects(finished.get(), /There is no function call/);
  assert.equal((await running.hydrate()).numInputs, 1);
  assert.equal(await modal.functions.fromName("life", "square").remote([3]), 9);
});
