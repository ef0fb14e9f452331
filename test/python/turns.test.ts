// The main thread reads short inputs itself. What the engine says while it runs a longer one must reach the worker all the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { FakeEngine } from "./fakeEngine.ts";
import { Project, Worker } from "./workerHarness.ts";

const SOURCE = `
import time
import modal

app = modal.App("a")
other = modal.Function.from_name("elsewhere", "other")

@app.function()
def f(action):
    if action == "call":
        return [other.remote(x) for x in range(3)]
    if action == "sleep":
        print("begun", flush=True)
        time.sleep(60)
    return action
`;

const SHORT_INPUTS = 20;

/** A worker that has run short inputs, one after another. */
async function warmWorker(project: Project): Promise<Worker> {
  const worker = await Worker.start(project, "app.py", "f");
  await worker.ready();
  for (let index = 0; index < SHORT_INPUTS; index++) {
    worker.sendInputs({ id: `in-${index}`, data: encode([[index], {}]) });
    assert.equal(decode((await worker.output(`in-${index}`)).payload), index);
  }
  return worker;
}

async function sleeping(worker: Worker): Promise<void> {
  worker.sendInputs({ id: "in-long", data: encode([["sleep"], {}]) });
  await worker.frame("begun", ({ header }) => header.type === "log" && header.input === "in-long");
}

test("a long input after short ones is cancelled", async () => {
  await using project = await Project.create({ "app.py": SOURCE });
  await using worker = await warmWorker(project);
  await sleeping(worker);
  worker.send({ type: "cancel", inputs: ["in-long"] });
  assert.equal((await worker.output("in-long")).header.status, "TERMINATED");
  worker.sendInputs({ id: "in-after", data: encode([["after"], {}]) });
  assert.equal(decode((await worker.output("in-after")).payload), "after");
});

test("replies reach user code after short inputs, again and again", async () => {
  await using project = await Project.create({ "app.py": SOURCE });
  await using worker = await warmWorker(project);
  new FakeEngine({ other: { run: (index) => index + 10 } }).attach(worker);
  for (const id of ["in-a", "in-b"]) {
    worker.sendInputs({ id, data: encode([["call"], {}]) });
    assert.deepEqual(decode((await worker.output(id)).payload), [10, 10, 10]);
  }
});

test("a stop is heard after short inputs, and behind a long one that is cancelled", async () => {
  await using project = await Project.create({ "app.py": SOURCE });
  await using waiting = await warmWorker(project);
  waiting.send({ type: "stop" });
  assert.equal(await waiting.exited, 0);
  await using running = await warmWorker(project);
  await sleeping(running);
  running.send({ type: "stop" });
  running.send({ type: "cancel", inputs: ["in-long"] });
  assert.equal(await running.exited, 0);
});

test("the end of the engine ends a worker that waits, and one that runs", async () => {
  await using project = await Project.create({ "app.py": SOURCE });
  await using waiting = await warmWorker(project);
  waiting.hangUp();
  await waiting.exited;
  await using running = await warmWorker(project);
  await sleeping(running);
  running.hangUp();
  await running.exited;
});
