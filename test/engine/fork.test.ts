import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const source = `import asyncio, os, subprocess, sys, time
import modal

app = modal.App("forks")
IMPORTED_BY = os.getpid()
print("imported", flush=True)

@app.function()
def first():
    return [IMPORTED_BY, os.getpid()]

@app.function()
def second():
    return [IMPORTED_BY, os.getpid()]

TURN = asyncio.Lock()

@app.function()
async def later():
    async with TURN:
        return [IMPORTED_BY, os.getpid()]

@app.function()
@modal.concurrent(max_inputs=4)
def together():
    return [IMPORTED_BY, os.getpid()]

@app.cls()
class Later:
    @modal.enter()
    async def load(self):
        self.pids = [IMPORTED_BY, os.getpid()]

    @modal.method()
    async def pids_of(self):
        return self.pids

@app.function()
def count(n):
    yield from range(n)

@app.cls()
class Model:
    size: int = modal.parameter(default=7)

    @modal.enter()
    def load(self):
        self.by = os.getpid()

    @modal.method()
    def describe(self):
        return [self.size, self.by == os.getpid(), IMPORTED_BY]

@app.function()
def talk():
    if "logging" in globals():
        logging.info("logged")
    print("printed")
    print("an error", file=sys.stderr)
    subprocess.run(["sh", "-c", "echo from a child"])

@app.function()
def child():
    return subprocess.Popen(["sleep", "600"]).pid

@app.function(max_containers=1)
def die(how):
    os._exit(how) if how >= 0 else os.kill(os.getpid(), -how)

@app.function()
def echo(data):
    return data

@app.function()
def sleep():
    time.sleep(600)
`;

/** Which process imported the code that a container runs, and which it is itself. */
type Pids = readonly [importedBy: number, own: number];

/** An engine with a container, which has left a template. */
async function warmEngine(test: TestContext, text = source) {
  const harness = await EngineHarness.start(test);
  await harness.deploy(text);
  const named = (name: string) => harness.modal().functions.fromName("forks", name);
  const [importer] = (await named("first").remote()) as Pids;
  await until("a spare is there, so the template forks nothing now", async () => (await harness.spares()).length === 1);
  const [template = Number.NaN, ...others] = await harness.templates();
  assert.deepEqual(others, []);
  return { harness, named, importer, template };
}

/** Processes that have no container's work, and wait to. */
async function waiting(harness: EngineHarness): Promise<number[]> {
  return [...(await harness.templates()), ...(await harness.spares())];
}

/** Whether two functions of the app share an import. */
async function sharesImport(harness: EngineHarness): Promise<boolean> {
  const pids: Pids[] = [];
  for (const name of ["first", "second"]) {
    pids.push((await harness.modal().functions.fromName("forks", name).remote()) as Pids);
  }
  return pids[0]?.[0] === pids[1]?.[0];
}

test("the next containers of a version are forked, whatever function they are for", async (t) => {
  const { harness, named, importer } = await warmEngine(t);
  for (const name of ["second", "later", "together"]) {
    const [importedBy, own] = (await named(name).remote()) as Pids;
    assert.equal(importedBy, importer, name);
    assert.notEqual(own, importer);
  }
  const later = harness.modal().classes.fromName("forks", "Later").instance();
  const [importedBy] = (await later.method("pids_of").remote()) as Pids;
  assert.equal(importedBy, importer);
  assert.deepEqual(await collected(named("count").remoteGen([3])), [0, 1, 2]);
  const model = harness.modal().classes.fromName("forks", "Model");
  for (const size of [7, 9]) {
    assert.deepEqual(await model.instance({ size }).method("describe").remote(), [size, true, importer]);
  }
  const megabytes = new Uint8Array(5_000_000).fill(7);
  assert.deepEqual(await named("echo").remote([megabytes]), megabytes);
});

for (const kind of ["later", "together"]) {
  test(`a container with an event loop leaves a template, too: ${kind}`, async (t) => {
    const harness = await EngineHarness.start(t);
    await harness.deploy(source);
    const named = (name: string) => harness.modal().functions.fromName("forks", name);
    const [importer] = (await named(kind).remote()) as Pids;
    await until("the template is there", async () => (await harness.templates()).length === 1);
    for (const name of ["first", "later", "together"]) {
      assert.equal(((await named(name).remote()) as Pids)[0], importer, name);
    }
  });
}

test("the next container is there before it is needed, and then another one", async (t) => {
  const { harness, named } = await warmEngine(t);
  await until("one waits", async () => (await harness.spares()).length === 1);
  const [spare] = await harness.spares();
  const [, own] = (await named("second").remote()) as Pids;
  assert.equal(own, spare);
  await until("another one waits", async () => (await harness.spares()).some((pid) => pid !== spare));
  const [next = Number.NaN] = await harness.spares();
  process.kill(next, "SIGKILL");
  await until("it is gone", async () => (await harness.spares()).length === 0);
  assert.equal(await named("echo").remote([1]), 1);
  await until("a third one waits", async () => (await harness.spares()).length === 1);
});

test("a map's containers wait for the first one's template instead of importing too", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source.replace("return [IMPORTED_BY", "time.sleep(0.3)\n    return [IMPORTED_BY"));
  const importers = new Set<number>();
  const containers = new Set<number>();
  const first = harness.modal().functions.fromName("forks", "first");
  for (const [importer, own] of (await collected(first.starmap(Array.from({ length: 8 }, () => [])))) as Pids[]) {
    importers.add(importer);
    containers.add(own);
  }
  assert.equal(importers.size, 1);
  assert.ok(containers.size > 1);
});

test("what a forked container and its children print are its logs; what the import printed is there once", async (t) => {
  const { harness, named } = await warmEngine(t);
  const call = await named("talk").spawn();
  await call.get();
  const { appId } = await call.hydrate();
  const logs = async () => {
    const entries = await collected(harness.modal().logs.stream({ appId }));
    return entries.map(({ source, text }) => `${source}: ${text}`).sort();
  };
  await until("all is there", async () => (await logs()).length >= 4);
  const expected = ["stderr: an error\n", "stdout: from a child\n", "stdout: imported\n", "stdout: printed\n"];
  assert.deepEqual(await logs(), expected);
});

test("a forked container that dies is told of as any other", async (t) => {
  const { named } = await warmEngine(t);
  await assert.rejects(named("die").remote([7]), /ended with exit code 7, 3 times/);
  await assert.rejects(named("die").remote([-9]), /was killed by SIGKILL, 3 times/);
});

test("what user code started ends with its forked container", async (t) => {
  const { harness, named, importer } = await warmEngine(t);
  const child = Number(await named("child").remote());
  const [worker = 0, ...others] = (await harness.pythonProcesses()).filter((pid) => pid !== child && pid !== importer);
  assert.deepEqual(others, []);
  process.kill(worker, "SIGKILL");
  await until("both are gone", async () => (await harness.pythonProcesses()).every((pid) => pid === importer));
});

test("a running input of a forked container is cancelled, and its app stopped", async (t) => {
  const { harness, named } = await warmEngine(t);
  const call = await named("sleep").spawn();
  await until("it runs", async () => (await harness.pythonProcesses()).length === 2);
  await call.cancel();
  await assert.rejects(call.get(), /cancelled|InputCancellation/);
  await harness.modal().apps.stop((await call.hydrate()).appId);
  await until("all is gone", async () => (await waiting(harness)).length === 0);
  assert.deepEqual(await harness.pythonProcesses(), []);
});

test("a template that dies costs nothing: its containers go on, the next one starts from nothing", async (t) => {
  const { harness, named, importer, template } = await warmEngine(t);
  const [, forked] = (await named("second").remote()) as Pids;
  process.kill(template, "SIGKILL");
  await until("it is gone", async () => (await harness.templates()).length === 0);
  assert.deepEqual(await named("second").remote(), [importer, forked]);
  assert.deepEqual(await named("echo").remote([1]), 1);
  await until("the new container has left another", async () => (await harness.templates()).length === 1);
  process.kill(forked, "SIGKILL");
  const [, next] = (await named("second").remote()) as Pids;
  assert.notEqual(next, forked);
});

for (const signal of ["SIGKILL", "SIGTERM"] as const) {
  test(`nothing is left after ${signal} to the engine`, async (t) => {
    const { harness, named } = await warmEngine(t);
    await named("child").remote();
    await harness.end(signal);
    await until("the containers are gone", async () => (await harness.pythonProcesses()).length === 0);
    await until("what waited is gone", async () => (await waiting(harness)).length === 0);
  });
}

test("a new version has a template of its own, and that of the old one goes at once", async (t) => {
  const { harness, named, importer, template } = await warmEngine(t);
  await harness.deploy(`${source}\n# changed\n`);
  await until("nothing waits", async () => (await waiting(harness)).length === 0);
  const [importedBy] = (await named("first").remote()) as Pids;
  assert.notEqual(importedBy, importer);
  await until("one is left", async () => (await harness.templates()).length === 1);
  assert.notDeepEqual(await harness.templates(), [template]);
});

test("two processes never share what an import left open or running", async (t) => {
  const obstacles = {
    "a thread": "import threading; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()",
    "a socket": "import socket; connection = socket.socket()",
    "a lock of processes": "import multiprocessing; lock = multiprocessing.Lock()",
    "a temporary folder": "import tempfile; folder = tempfile.TemporaryDirectory()",
    "a process": 'process = subprocess.Popen(["sleep", "600"])',
    "an event loop": "import asyncio; loop = asyncio.new_event_loop()",
    "a handler of SIGCHLD": "import signal; signal.signal(signal.SIGCHLD, lambda *_: None)",
    "a timer": "import signal; signal.setitimer(signal.ITIMER_REAL, 600)",
  };
  const harness = await EngineHarness.start(t);
  for (const [name, statement] of Object.entries(obstacles)) {
    await harness.deploy(`${source}\nif not modal.is_local():\n    ${statement}\n`);
    assert.equal(await sharesImport(harness), false, name);
    assert.deepEqual(await harness.templates(), [], name);
  }
});

test("logging that is set up by an import works in every container", async (t) => {
  const logs = "import logging\nlogging.basicConfig(level=logging.INFO)\n";
  const { harness, named } = await warmEngine(t, source.replace("import modal", `${logs}\nimport modal`));
  assert.equal(await sharesImport(harness), true);
  const call = await named("talk").spawn();
  await call.get();
  const { appId } = await call.hydrate();
  const texts = async () => (await collected(harness.modal().logs.stream({ appId }))).map(({ text }) => text);
  await until("it is logged", async () => (await texts()).includes("INFO:root:logged\n"));
});

test("an import that fails is told of as ever", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(`${source}\nif not modal.is_local():\n    raise ValueError("no")\n`);
  const first = harness.modal().functions.fromName("forks", "first");
  for (const _ of [1, 2]) await assert.rejects(first.remote(), /ValueError\('no'\)/);
});

test("with --no-fork every container imports", async (t) => {
  const harness = await EngineHarness.start(t, ["--no-fork"]);
  await harness.deploy(source);
  assert.equal(await sharesImport(harness), false);
  assert.deepEqual(await harness.templates(), []);
});
