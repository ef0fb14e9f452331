import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collected, EngineHarness, until } from "../engineHarness.ts";

/** A file that goes wrong only when a container imports it, and notes that it was imported. */
const source = (name: string, path: string, fault: string, options = "") => `import os, time
import modal

app = modal.App("${name}")

if not modal.is_local():
    with open(${JSON.stringify(path)}, "a") as file:
        file.write("import\\n")
    ${fault}

@app.function(max_containers=1, ${options})
def work():
    return "done"
`;

async function started(t: Parameters<typeof EngineHarness.start>[0]) {
  const harness = await EngineHarness.start(t);
  const path = `${harness.folder}/imports`;
  const imports = async () => (await readFile(path, "utf8").catch(() => "")).split("\n").length - 1;
  const work = (app: string) => harness.modal().functions.fromName(app, "work");
  return { harness, path, imports, work };
}

test("a container that dies while it imports is tried three times per call, then the call fails", async (t) => {
  const { harness, path, imports, work } = await started(t);
  await harness.deploy(source("dies", path, "os._exit(3)"));
  const failure = /The container could not start: its Python process ended with exit code 3/;
  await assert.rejects(work("dies").remote(), failure);
  assert.equal(await imports(), 3);
  await assert.rejects(work("dies").remote(), failure);
  assert.equal(await imports(), 6);
  const state =
    /^work gets no more containers for now: 3 in a row could not start \(.* exit code 3\)\. The next call tries again\.$/;
  assert.match((await work("dies").getCurrentStats()).startFailure, state);
  const { appId } = await harness.modal().apps.lookup("dies");
  assert.match((await harness.engine().getApp({ appId })).functions[0]?.startFailure ?? "", state);
});

test("a function that always has a container and cannot start one is not tried for ever", async (t) => {
  const { harness, path, imports } = await started(t);
  await harness.deploy(source("always", path, "os._exit(3)", "min_containers=1"));
  await until("it was tried", async () => (await imports()) >= 3);
  await until("no container is left", async () => (await harness.engine().getStatus({})).containers === 0);
  await harness.deploy(source("other", path, "pass"), "other.py");
  assert.equal(await harness.modal().functions.fromName("other", "work").remote(), "done");
  assert.equal(await imports(), 4, "three of the one and one of the other");
  const { appId } = await harness.modal().apps.lookup("always");
  const logs = (await collected(harness.modal().logs.stream({ appId }))).map(({ text }) => text).join("");
  assert.match(
    logs,
    /^work gets no more containers for now: 3 in a row could not start \(.* exit code 3\)\. The next call/,
  );
});

test("why code cannot be imported is in the app's logs, also when nobody calls", async (t) => {
  const { harness, path } = await started(t);
  await harness.deploy(source("raises", path, "raise KeyError('not here')", "min_containers=1"));
  const { appId } = await harness.modal().apps.lookup("raises");
  const logged = async () => (await collected(harness.modal().logs.stream({ appId }))).map(({ text }) => text).join("");
  await until("it was given up", async () => /gets no more containers/.test(await logged()));
  assert.equal((await logged()).match(/^KeyError: 'not here'$/gm)?.length, 3);
  const { startFailure } = await harness.modal().functions.fromName("raises", "work").getCurrentStats();
  assert.match(startFailure, /\(the last one's Python process failed with KeyError\('not here'\)\)/);
});

test("an import that never returns ends with the startup timeout, and all that waits for it", async (t) => {
  const { harness, path, imports, work } = await started(t);
  await harness.deploy(source("hangs", path, "time.sleep(600)", "startup_timeout=1"));
  const calls = await Promise.all([work("hangs").spawn(), work("hangs").spawn()]);
  for (const call of calls) {
    await assert.rejects(call.get(), /not ready within its startup timeout of 1 s/);
    assert.equal((await call.output(0)).status, "INIT_FAILURE");
  }
  await until("its process is gone", async () => (await harness.pythonProcesses()).length === 0);
  // Once: but on a busy machine, that second may be over before the import begins.
  assert.ok((await imports()) <= 1);
  assert.match((await work("hangs").getCurrentStats()).startFailure, /startup timeout of 1 s: .* The next call/);
});

test("enter hooks count towards the startup timeout, not towards the timeout of an input", async (t) => {
  const { harness } = await started(t);
  await harness.deploy(`import asyncio, time
import modal

app = modal.App("enters")

class Patient:
    @modal.enter()
    def load(self):
        time.sleep(1.5)

    @modal.method()
    def work(self):
        return "done"

@app.cls(timeout=1, startup_timeout=60)
class Slow(Patient):
    pass

@app.cls(startup_timeout=1)
class Hangs(Patient):
    @modal.enter()
    async def wait(self):
        await asyncio.sleep(600)
`);
  const work = (name: string) => harness.modal().classes.fromName("enters", name).instance().method("work");
  assert.equal(await work("Slow").remote(), "done");
  await assert.rejects(
    work("Hangs").remote(),
    /startup timeout of 1 s: importing your code and running its enter hooks/,
  );
});
