import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { type TestContext, test } from "node:test";
import type { FunctionCall } from "../../src/client/index.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const SOURCE = `import asyncio, os, threading, time
import modal

app = modal.App("side-by-side")
here = os.path.dirname(os.path.abspath(__file__))

def exists(name): return os.path.exists(os.path.join(here, name))

def note(name, text):
    with open(os.path.join(here, name), "a") as file: file.write(text + "\\n")

@app.function(max_containers=1, timeout=600)
@modal.concurrent(max_inputs=4)
def thread(name, wanted=""):
    note("began", name)
    while wanted and not exists(wanted): time.sleep(0.01)
    return [name, os.getpid()]

@app.function(max_containers=1)
@modal.concurrent(max_inputs=100)
async def task(name, wanted=""):
    note("began", name)
    while wanted and not exists(wanted): await asyncio.sleep(0.01)
    print("leaving", name)
    return [name, os.getpid()]

@app.function(max_containers=1, timeout=3, startup_timeout=60)
@modal.concurrent(max_inputs=2)
def limited(name, wanted=""):
    note("began", name)
    if name == "slow":
        time.sleep(1.5)
        note("began", "half")
    while wanted and not exists(wanted): time.sleep(0.01)
    return name

@app.function(max_containers=1)
@modal.concurrent(max_inputs=2)
def crash(name):
    note("began", name)
    if not exists("go"):
        while name == "neighbour" or not exists("go"): time.sleep(0.01)
        os._exit(3)
    return name

@app.function(max_containers=1)
@modal.concurrent(max_inputs=2)
def parent(depth):
    return depth if depth == 0 else 1 + parent.remote(depth - 1)

@app.cls(max_containers=1)
@modal.concurrent(max_inputs=3)
class Meeting:
    @modal.enter()
    def load(self): self.barrier = threading.Barrier(3, timeout=60)
    @modal.method()
    def join(self, name):
        self.barrier.wait()
        return name

@app.cls(max_containers=1)
class Plain:
    @modal.enter()
    def load(self): self.barrier = threading.Barrier(2, timeout=60)
    @modal.method()
    def join(self, name):
        self.barrier.wait()
        return name

@app.function()
def changed():
    return list(Plain.with_concurrency(max_inputs=2)().join.map(["a", "b"]))
`;

async function start(t: TestContext) {
  const harness = await EngineHarness.start(t);
  const { apps } = await harness.deploy(SOURCE);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("side-by-side", name);
  const began = async () => {
    const text = await readFile(`${harness.folder}/src/began`, "utf8").catch(() => "");
    return text.split("\n").filter(Boolean);
  };
  const haveBegun = (...names: string[]) =>
    until(`${names.join(", ")} have begun`, async () => {
      const all = await began();
      return names.every((name) => all.includes(name));
    });
  return { harness, modal, named, apps, began, haveBegun };
}

const statusesOf = async (call: FunctionCall) => {
  const batches = await collected(call.outputs());
  return batches.flatMap(({ outputs }) => outputs.map(({ status }) => status));
};

test("input concurrency", async (t) => {
  const { harness, modal, named, apps, began, haveBegun } = await start(t);

  await t.test("is applied, and nothing is said about it", () => assert.deepEqual(apps[0]?.notApplied, []));

  await t.test("one container runs several inputs, and its stats say so", async () => {
    const waits = await Promise.all(["t1", "t2", "t3"].map((name) => named("thread").spawn([name, "open"])));
    await haveBegun("t1", "t2", "t3");
    const { backlog, numRunningInputs, numTotalRunners, inputHeadroom } = await named("thread").getCurrentStats();
    assert.deepEqual([backlog, numRunningInputs, numTotalRunners, inputHeadroom], [0, 3, 1, 1]);
    await harness.write("open", "");
    const results = (await Promise.all(waits.map((call) => call.get()))) as [string, number][];
    assert.equal(new Set(results.map(([, pid]) => pid)).size, 1);
  });

  await t.test("a cancelled task leaves the others, and logs keep to their inputs", async () => {
    const [doomed, kept] = await Promise.all(["a1", "a2"].map((name) => named("task").spawn([name, "let-tasks-go"])));
    assert.ok(doomed && kept);
    await haveBegun("a1", "a2");
    await doomed.cancel();
    assert.deepEqual(await statusesOf(doomed), ["TERMINATED"]);
    await harness.write("let-tasks-go", "");
    const [name, pid] = (await kept.get()) as [string, number];
    const [, otherPid] = (await named("task").remote(["a3"])) as [string, number];
    assert.deepEqual([name, pid], ["a2", otherPid], "the container lives on");
    const { appId } = await kept.hydrate();
    const texts = (await modal.logs.tail({ appId, functionCallId: kept.functionCallId })).map(({ text }) => text);
    assert.deepEqual(texts, ["leaving a2\n"]);
  });

  await t.test("a cancelled thread that does not end costs its container; the others start again", async () => {
    const [doomed, kept] = await Promise.all(["c1", "c2"].map((name) => named("thread").spawn([name, "let-go"])));
    assert.ok(doomed && kept);
    await haveBegun("c1", "c2");
    await doomed.cancel();
    assert.deepEqual(await statusesOf(doomed), ["TERMINATED"]);
    await until("the other one began again", async () => (await began()).filter((name) => name === "c2").length === 2);
    await harness.write("let-go", "");
    assert.equal(((await kept.get()) as [string, number])[0], "c2");
  });

  await t.test("an input over the timeout takes its container; the others start again", async () => {
    const slow = await named("limited").spawn(["slow", "never"]);
    await haveBegun("slow", "half");
    const beside = await named("limited").spawn(["beside", "timed-out"]);
    await haveBegun("beside");
    await assert.rejects(slow.get(), /timeout of 3 s/);
    await harness.write("timed-out", "");
    assert.equal(await beside.get(), "beside");
  });

  await t.test("a crash under several inputs costs each a try, and all are tried again", async () => {
    const calls = await Promise.all(["crash", "neighbour"].map((name) => named("crash").spawn([name])));
    await haveBegun("crash", "neighbour");
    await harness.write("go", "");
    assert.deepEqual(await Promise.all(calls.map((call) => call.get())), ["crash", "neighbour"]);
    const again = (await began()).filter((name) => name === "crash" || name === "neighbour");
    assert.deepEqual(again.sort(), ["crash", "crash", "neighbour", "neighbour"]);
  });

  await t.test("inputs that wait for calls of their own do not block what they wait for", async () => {
    assert.equal(await named("parent").remote([6]), 6);
  });

  await t.test("methods of an instance run side by side", async () => {
    const join = (await modal.classes.fromName("side-by-side", "Meeting").instance().hydrate()).method("join");
    assert.deepEqual(await collected(join.map([["a", "b", "c"]])), ["a", "b", "c"]);
  });

  await t.test("a class is given concurrency by an option, from a client and from user code", async () => {
    const cls = modal.classes.fromName("side-by-side", "Plain").withConcurrency({ maxInputs: 2 });
    assert.deepEqual(
      await collected(
        cls
          .instance()
          .method("join")
          .map([["a", "b"]]),
      ),
      ["a", "b"],
    );
    assert.deepEqual(await named("changed").remote(), ["a", "b"]);
  });
});
