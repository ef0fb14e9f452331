import assert from "node:assert/strict";
import { test } from "node:test";
import { collected, EngineHarness, until } from "./engineHarness.ts";
import { countsOf, runsIn } from "./faults/faultHarness.ts";

const INPUTS = 300;

/** Notes every run of an input in a file, so that a test sees what ran twice. */
const source = `import os, subprocess, time
import modal

app = modal.App("crash")

@app.function(max_containers=2)
def note(x, path):
    with open(path, "a") as file:
        file.write(f"{os.getpid()} {x}\\n")
    time.sleep(0.01)
    return x

@app.function()
def child():
    return subprocess.Popen(["sleep", "600"]).pid

@app.function(max_containers=1)
def die(path):
    with open(path, "a") as file:
        file.write("run\\n")
    os._exit(7)
`;

const rows = (path: string) => Array.from({ length: INPUTS }, (_, index) => [index, path]);

test("killing a worker in a map costs nothing but a second run of what it was at", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const path = `${harness.folder}/notes`;
  const results = collected(harness.modal().functions.fromName("crash", "note").starmap(rows(path)));
  await until("some inputs have run", async () => (await runsIn(path)).length > 40);
  const victim = (await runsIn(path)).at(-1)?.pid ?? 0;
  process.kill(victim, "SIGKILL");
  assert.deepEqual(
    await results,
    rows(path).map(([index]) => index),
  );
  const noted = await runsIn(path);
  const counts = countsOf(noted);
  const repeated = [...counts].filter(([, count]) => count > 1).map(([input]) => input);
  assert.equal(counts.size, INPUTS);
  assert.ok(repeated.length <= 1, `${repeated.length} inputs ran twice`);
  const lastOfVictim = noted.findLast(({ pid }) => pid === victim)?.input;
  for (const input of repeated) assert.equal(input, lastOfVictim);
});

test("what user code started ends with its container", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const pid = Number(await harness.modal().functions.fromName("crash", "child").remote());
  const others = async () => (await harness.pythonProcesses()).filter((other) => other !== pid);
  // A template looks like a container until it has taken its name.
  await until("only the container is there", async () => (await others()).length === 1);
  const [worker] = await others();
  assert.ok(worker);
  process.kill(worker, "SIGKILL");
  await until("both are gone", async () => (await harness.pythonProcesses()).length === 0);
});

test("what user code started ends with the engine, however that ends", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const pid = Number(await harness.modal().functions.fromName("crash", "child").remote());
  await until("it is there", async () => (await harness.pythonProcesses()).includes(pid));
  await harness.end("SIGKILL");
  await until("nothing is left", async () => (await harness.pythonProcesses()).length === 0);
});

test("a function that takes its process down fails with how it ended, and not for ever", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const path = `${harness.folder}/notes`;
  await assert.rejects(harness.modal().functions.fromName("crash", "die").remote([path]), (error) => {
    assert.ok(error instanceof Error);
    assert.equal(error.name, "InternalFailure");
    assert.match(error.message, /ended with exit code 7, 3 times/);
    return true;
  });
  assert.equal((await runsIn(path)).length, 3);
});

test("killing the engine in a map loses nothing that it had accepted, and answers nothing twice", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const path = `${harness.folder}/notes`;
  const call = await harness.modal().functions.fromName("crash", "note").spawnMap(rows(path));
  await until("some inputs have run", async () => (await runsIn(path)).length > 40);
  const before = harness.ready;
  await harness.end("SIGKILL");
  await until("its workers are gone", async () => (await harness.pythonProcesses()).length === 0);
  const done = await runsIn(path);
  assert.ok(done.length < INPUTS);

  const after = await harness.restart();
  assert.deepEqual({ ...after, pid: 0 }, { ...before, pid: 0 }, "same address and tokens");
  const found = harness.modal().calls.fromId(call.functionCallId);
  const outputs = (await collected(found.outputs())).flatMap((batch) => batch.outputs);
  assert.deepEqual(
    outputs.map(({ index }) => index).sort((a, b) => a - b),
    Array.from({ length: INPUTS }, (_, index) => index),
  );
  for (const output of outputs) assert.equal(output.value(), output.index);
  const again = (await runsIn(path)).length - INPUTS;
  assert.ok(again <= 4 + 64 * 2, `${again} inputs ran twice`);
});

test("a client that waits for a map gets its results from the next engine", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const path = `${harness.folder}/notes`;
  const results = collected(harness.modal().functions.fromName("crash", "note").starmap(rows(path)));
  await until("some inputs have run", async () => (await runsIn(path)).length > 40);
  await harness.end("SIGKILL");
  await harness.restart();
  assert.deepEqual(
    await results,
    rows(path).map(([index]) => index),
  );
});
