import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { decode, encode } from "cbor-x";
import { type Frame, Project, Worker } from "./workerHarness.ts";

const GENERATOR_DONE = 3;

const source = `import time, modal

app = modal.App("a")

@app.function()
def count(n):
    try:
        for i in range(n):
            print("yielding", i)
            yield i
    finally:
        print("closed")

@app.function()
async def count_async(n):
    try:
        for i in range(n):
            yield i
    finally:
        print("closed")

@app.function(is_generator=True)
def declared(n):
    return [n, n + 1]

@app.function()
def endless():
    try:
        while True:
            yield 1
    finally:
        print("closed")

@app.function()
async def endless_async():
    try:
        while True:
            yield 1
    finally:
        print("closed")

@app.function()
def unserializable():
    yield 1
    yield object()
`;

let project: Project;
before(async () => {
  project = await Project.create({ "app.py": source });
});
after(() => project[Symbol.asyncDispose]());

function items(worker: Worker): Frame[] {
  return worker.frames.filter(({ header }) => header.type === "item");
}

for (const name of ["count", "count_async", "declared"]) {
  test(`each item of ${name} is a frame, and the output says how many there were`, async () => {
    await using worker = await Worker.start(project, "app.py", name);
    worker.sendInputs({ id: "in-1", data: encode([[2], {}]) });
    const { header, payload } = await worker.output("in-1");
    assert.deepEqual([header.status, header.format, header.items, payload.length], ["SUCCESS", GENERATOR_DONE, 2, 0]);
    const values = items(worker).map((item) => [item.header.input, item.header.format, decode(item.payload)]);
    const first = name === "declared" ? 2 : 0;
    assert.deepEqual(values, [
      ["in-1", 4, first],
      ["in-1", 4, first + 1],
    ]);
    worker.sendInputs({ id: "in-2", data: encode([[0], {}]) });
    if (name !== "declared") assert.equal((await worker.output("in-2")).header.items, 0);
  });
}

test("what is printed between items comes between them", async () => {
  await using worker = await Worker.start(project, "app.py", "count");
  worker.sendInputs({ id: "in-1", data: encode([[2], {}]) });
  await worker.output("in-1");
  const order = worker.frames.map(({ header, payload }) => (header.type === "log" ? String(payload) : header.type));
  assert.deepEqual(order, ["ready", "yielding 0\n", "item", "yielding 1\n", "item", "closed\n", "output"]);
});

for (const name of ["endless", "endless_async"]) {
  test(`a cancelled ${name} runs its finally, and the worker goes on`, async () => {
    await using worker = await Worker.start(project, "app.py", name);
    for (const id of ["in-1", "in-2"]) {
      worker.sendInputs({ id });
      await worker.frame(`an item of ${id}`, ({ header }) => header.type === "item" && header.input === id);
      worker.send({ type: "cancel", inputs: [id] });
      assert.equal((await worker.output(id)).header.status, "TERMINATED");
      assert.equal(worker.logs(id, 1), "closed\n");
    }
  });
}

test("an item that cannot be serialized ends the generator as a failure", async () => {
  await using worker = await Worker.start(project, "app.py", "unserializable");
  worker.sendInputs({ id: "in-1" });
  const { header } = await worker.output("in-1");
  assert.equal(header.status, "FAILURE");
  assert.match(String(header.exception), /^SerializationError/);
  assert.equal(items(worker).length, 1);
});
