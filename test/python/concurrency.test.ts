import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { type Worker, workerOf } from "./workerHarness.ts";

const SOURCE = `
import asyncio, contextvars, threading, time
import modal
from modal import current_function_call_id, current_input_id

app = modal.App("a")
gate = threading.Event()
opened = asyncio.Event()
mark = contextvars.ContextVar("mark", default="none")
meeting = threading.Barrier(3, timeout=20)

@app.function()
@modal.concurrent(max_inputs=3)
def in_threads(action):
    before = mark.get()
    mark.set(action)
    print("begun", action)
    if action == "meet":
        meeting.wait()
    elif action == "wait":
        while not gate.is_set(): time.sleep(0.01)
    elif action == "open":
        gate.set()
    elif action == "fail":
        raise ValueError("no")
    print("done", action)
    return [before, current_input_id(), current_function_call_id(), threading.current_thread() is threading.main_thread()]

@app.function()
@modal.concurrent(max_inputs=3)
async def as_tasks(action):
    print("begun", action)
    if action == "wait":
        try:
            await opened.wait()
        finally:
            print("left", action)
    elif action == "open":
        opened.set()
    await asyncio.sleep(0)
    print("done", action)
    return [current_input_id(), current_function_call_id()]

@app.function()
@modal.concurrent(max_inputs=2)
def items(first, last):
    for value in range(first, last):
        print("item", value)
        yield value
    while last < 0:
        yield last

@app.function()
@modal.concurrent(max_inputs=2)
async def async_items(first, last):
    for value in range(first, last):
        await asyncio.sleep(0)
        yield value

@app.function()
@modal.concurrent(max_inputs=2)
def with_thread():
    thread = threading.Thread(target=lambda: print("from a thread"))
    thread.start()
    thread.join()

@app.cls()
@modal.concurrent(max_inputs=2)
class Both:
    @modal.enter()
    async def load(self): self.gate = asyncio.Event()
    @modal.method()
    async def waits(self):
        await self.gate.wait()
        return "waited"
    @modal.method()
    def opens(self):
        # From its thread, while the other method waits on the loop.
        self.loop.call_soon_threadsafe(self.gate.set)
        return "opened"
    @modal.enter()
    async def remember(self): self.loop = asyncio.get_running_loop()
`;

const start = (functionName: string) => workerOf(SOURCE, functionName);

const call = (id: string, ...args: unknown[]) => ({ id, call: `fc-of-${id}`, data: encode([args, {}]) });

/** Resolves when an input has printed a line. */
const printed = (worker: Worker, id: string, line: string) =>
  worker.frame(`${line} of ${id}`, ({ header, payload }) => {
    return header.type === "log" && header.input === id && String(payload).includes(line);
  });

test("plain functions run side by side in threads, each with its own ids, prints and context", async () => {
  await using started = await start("in_threads");
  const { worker } = started;
  worker.sendInputs(call("in-1", "meet"), call("in-2", "meet"), call("in-3", "meet"));
  for (const id of ["in-1", "in-2", "in-3"]) {
    assert.deepEqual(decode((await worker.output(id)).payload), ["none", id, `fc-of-${id}`, false]);
    assert.equal(worker.logs(id, 1), "begun meet\ndone meet\n");
  }
});

test("no more inputs run than there are slots, and they begin in order", async () => {
  await using started = await start("in_threads");
  const { worker } = started;
  worker.sendInputs(...["in-1", "in-2", "in-3"].map((id) => call(id, "wait")), call("in-4", "open"));
  await Promise.all(["in-1", "in-2", "in-3"].map((id) => printed(worker, id, "begun")));
  worker.send({ type: "recall", inputs: ["in-1", "in-4"] });
  assert.equal((await worker.output("in-4")).header.status, "TERMINATED");
  assert.equal(worker.logs("in-4", 1), "", "it had not begun");
  assert.ok(!worker.frames.some(({ header }) => header.input === "in-1" && header.type === "output"), "it had begun");
});

test("a failure of one input is nothing to the others", async () => {
  await using started = await start("in_threads");
  const { worker } = started;
  worker.sendInputs(call("in-1", "wait"), call("in-2", "fail"), call("in-3", "open"));
  const { header } = await worker.output("in-2");
  assert.deepEqual([header.status, header.exception], ["FAILURE", "ValueError('no')"]);
  assert.equal((await worker.output("in-1")).header.status, "SUCCESS");
});

test("an input in a thread that is cancelled ends with its code, and the others go on", async () => {
  await using started = await start("in_threads");
  const { worker } = started;
  worker.sendInputs(call("in-1", "wait"), call("in-2", "wait"));
  await Promise.all(["in-1", "in-2"].map((id) => printed(worker, id, "begun")));
  worker.send({ type: "cancel", inputs: ["in-1"] });
  worker.sendInputs(call("in-3", "open"));
  assert.equal((await worker.output("in-1")).header.status, "TERMINATED");
  assert.equal((await worker.output("in-2")).header.status, "SUCCESS");
});

test("async functions run as tasks of one loop; cancelling one leaves the others", async () => {
  await using started = await start("as_tasks");
  const { worker } = started;
  worker.sendInputs(call("in-1", "wait"), call("in-2", "wait"));
  await Promise.all(["in-1", "in-2"].map((id) => printed(worker, id, "begun")));
  worker.send({ type: "cancel", inputs: ["in-1"] });
  const { header } = await worker.output("in-1");
  assert.equal(header.status, "TERMINATED");
  assert.match(String(header.exception), /^CancelledError/);
  assert.match(worker.logs("in-1", 1), /left wait/);
  worker.sendInputs(call("in-3", "open"));
  assert.deepEqual(decode((await worker.output("in-2")).payload), ["in-2", "fc-of-in-2"]);
  assert.equal(worker.logs("in-2", 1), "begun wait\nleft wait\ndone wait\n");
});

for (const name of ["items", "async_items"]) {
  test(`generators run side by side: ${name}`, async () => {
    await using started = await start(name);
    const { worker } = started;
    worker.sendInputs(call("in-1", 0, 50), call("in-2", 100, 150));
    await Promise.all([worker.output("in-1"), worker.output("in-2")]);
    const values = (id: string) =>
      worker.frames.flatMap(({ header, payload }) =>
        header.type === "item" && header.input === id ? [decode(payload) as number] : [],
      );
    const range = Array.from({ length: 50 }, (_, index) => index);
    assert.deepEqual(values("in-1"), range);
    assert.deepEqual(
      values("in-2"),
      range.map((value) => value + 100),
    );
  });
}

test("a generator in a thread is cancelled at its next item", async () => {
  await using started = await start("items");
  const { worker } = started;
  worker.sendInputs(call("in-1", -3, -1), call("in-2", 0, 2));
  assert.equal((await worker.output("in-2")).header.status, "SUCCESS");
  worker.send({ type: "cancel", inputs: ["in-1"] });
  assert.equal((await worker.output("in-1")).header.status, "TERMINATED");
});

test("what threads of user code print belongs to the container: nobody knows to which input", async () => {
  await using started = await start("with_thread");
  const { worker } = started;
  worker.sendInputs({ id: "in-1" });
  await worker.output("in-1");
  assert.equal(worker.logs("in-1", 1), "");
  assert.equal(worker.logs(null, 1), "from a thread\n");
});

test("a class runs plain methods in threads while others wait on the loop", async () => {
  await using started = await start("Both.*");
  const { worker } = started;
  worker.sendInputs({ id: "in-1", method: "waits" }, { id: "in-2", method: "opens" });
  assert.equal(decode((await worker.output("in-2")).payload), "opened");
  assert.equal(decode((await worker.output("in-1")).payload), "waited");
});

test("a stop waits for all that runs", async () => {
  await using started = await start("in_threads");
  const { worker } = started;
  worker.sendInputs(call("in-1", "wait"), call("in-2", "wait"), call("in-3", "open"));
  worker.send({ type: "stop" });
  assert.equal(await worker.exited, 0);
  const statuses = worker.frames.filter(({ header }) => header.type === "output").map(({ header }) => header.status);
  assert.deepEqual(statuses, ["SUCCESS", "SUCCESS", "SUCCESS"]);
});
