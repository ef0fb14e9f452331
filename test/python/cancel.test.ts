import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { workerOf } from "./workerHarness.ts";

const SOURCE = `
import asyncio, time
import modal

app = modal.App("a")

def busy():
    n = 0
    while True: n += 1

def printing():
    while True: print("x" * 100)

def swallowing():
    try:
        time.sleep(60)
    except Exception:
        return "kept alive"

def cleaning():
    try:
        print("in the try")
        time.sleep(60)
    finally:
        print("cleaned up")

ACTIONS = {"busy": busy, "sleep": lambda: time.sleep(60), "printing": printing, "swallowing": swallowing, "cleaning": cleaning}

@app.function()
def f(action):
    if action in ACTIONS:
        print("begun")
        return ACTIONS[action]()
    return action

@app.function()
async def g(action):
    if action == "sleep":
        print("begun")
        try:
            await asyncio.sleep(60)
        finally:
            print("cleaned up")
    return action
`;

const startWorker = (functionName: string) => workerOf(SOURCE, functionName);

const call = (id: string, ...args: unknown[]) => ({ id, data: encode([args, {}]) });

for (const action of ["busy", "sleep", "printing", "swallowing", "cleaning"]) {
  test(`a function that is ${action} is interrupted, and the next input runs`, async () => {
    await using started = await startWorker("f");
    const { worker } = started;
    worker.sendInputs(call("in-1", action), call("in-2", "next"));
    const sign = action === "cleaning" ? "in the try\n" : "begun\n";
    await worker.frame("a log", ({ header, payload }) => header.type === "log" && String(payload) === sign);
    worker.send({ type: "cancel", inputs: ["in-1"] });
    const { header } = await worker.output("in-1");
    assert.equal(header.status, "TERMINATED");
    assert.match(String(header.exception), /^InputCancellation\(/);
    assert.equal(decode((await worker.output("in-2")).payload), "next");
    if (action === "cleaning") assert.match(worker.logs("in-1", 1), /cleaned up/);
  });
}

test("an input that waits is answered at once, and never begun", async () => {
  await using started = await startWorker("f");
  const { worker } = started;
  worker.sendInputs(call("in-1", "sleep"), call("in-2", "busy"), call("in-3", "next"));
  await worker.frame("a log", ({ header }) => header.type === "log");
  worker.send({ type: "cancel", inputs: ["in-2", "in-unknown"] });
  const { header } = await worker.output("in-2");
  assert.equal(header.status, "TERMINATED");
  worker.send({ type: "cancel", inputs: ["in-1"] });
  assert.equal(decode((await worker.output("in-3")).payload), "next");
  assert.equal(worker.logs("in-2", 1), "");
});

test("cancelling short inputs at any moment gives each one output, and hits no other", async () => {
  await using started = await startWorker("f");
  const { worker } = started;
  await worker.ready();
  const ids = Array.from({ length: 400 }, (_, index) => `in-${index}`);
  const cancelled = new Set(ids.filter((_, index) => index % 2 === 0));
  for (const id of ids) {
    worker.sendInputs(call(id, id));
    if (cancelled.has(id)) worker.send({ type: "cancel", inputs: [id] });
    // Lets the worker get to different points before the next frames arrive.
    if (id.endsWith("7")) await worker.output(id);
  }
  for (const id of ids) {
    const { header, payload } = await worker.output(id);
    if (header.status === "SUCCESS") assert.equal(decode(payload), id);
    else assert.ok(cancelled.has(id), `${id} was not cancelled: ${String(header.traceback)}`);
  }
  assert.equal(worker.frames.filter(({ header }) => header.type === "output").length, ids.length);
});

test("an async function is cancelled, and the next input runs", async () => {
  await using started = await startWorker("g");
  const { worker } = started;
  worker.sendInputs(call("in-1", "sleep"), call("in-2", "sleep"), call("in-3", "next"));
  await worker.frame("a log", ({ header }) => header.type === "log");
  worker.send({ type: "cancel", inputs: ["in-2"] });
  assert.equal((await worker.output("in-2")).header.status, "TERMINATED");
  worker.send({ type: "cancel", inputs: ["in-1"] });
  const { header } = await worker.output("in-1");
  assert.equal(header.status, "TERMINATED");
  assert.match(String(header.exception), /^CancelledError/);
  assert.match(worker.logs("in-1", 1), /cleaned up/);
  assert.equal(decode((await worker.output("in-3")).payload), "next");
});
