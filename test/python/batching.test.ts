import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { workerOf } from "./workerHarness.ts";

const SOURCE = `
import asyncio, time
import modal
from modal import current_input_id

app = modal.App("a")
batched = modal.batched(max_batch_size=4, wait_ms=10)

@app.function()
@batched
def multiply(xs: list, factors: list) -> list:
    print("a batch of", len(xs))
    if xs[0] == "sleep":
        time.sleep(60)
    if xs[0] == "brief":
        time.sleep(0.3)
    return [[x, factor, current_input_id()] for x, factor in zip(xs, factors)]

@app.function()
@batched
async def in_tasks(xs):
    print("a batch of", len(xs))
    if xs[0] == "sleep":
        await asyncio.sleep(60)
    return [x * 2 for x in xs]

@app.function()
@batched
def wrong(xs):
    if xs[0] == "tuple": return tuple(xs)
    if xs[0] == "short": return xs[1:]
    if xs[0] == "raise": raise KeyError("k")
    return [object() if x == "object" else x for x in xs]

@app.function()
@modal.concurrent(max_inputs=2)
@batched
def in_threads(xs):
    return [len(xs)] * len(xs)

@app.cls()
class Model:
    factor: int = modal.parameter(default=3)
    @batched
    def predict(self, xs): return [x * self.factor for x in xs]
`;

const start = (functionName: string) => workerOf(SOURCE, functionName);

const call = (id: string, args: unknown[], kwargs: object = {}) => ({ id, data: encode([args, kwargs]) });

test("the inputs of a frame are one batch: lists in, a result for each out", async () => {
  await using started = await start("multiply");
  const { worker } = started;
  worker.sendInputs(
    call("in-1", [1, 10]),
    call("in-2", [2], { factors: 20 }),
    call("in-3", [], { factors: 30, xs: 3 }),
  );
  worker.sendInputs(call("in-4", [4, 40]));
  const results = await Promise.all(["in-1", "in-2", "in-3", "in-4"].map((id) => worker.output(id)));
  assert.deepEqual(
    results.map(({ payload }) => decode(payload)),
    [
      [1, 10, "in-1"],
      [2, 20, "in-1"],
      [3, 30, "in-1"],
      [4, 40, "in-4"],
    ],
  );
  assert.equal(worker.logs("in-1", 1), "a batch of 3\n");
  assert.equal(worker.logs("in-4", 1), "a batch of 1\n");
});

test("async functions, methods and threads take batches too", async () => {
  await using tasks = await start("in_tasks");
  tasks.worker.sendInputs(call("in-1", [1]), call("in-2", [2]));
  assert.equal(decode((await tasks.worker.output("in-2")).payload), 4);
  await using model = await start("Model.*");
  model.worker.sendInputs({ ...call("in-1", [1]), method: "predict" }, { ...call("in-2", [2]), method: "predict" });
  assert.equal(decode((await model.worker.output("in-2")).payload), 6);
  await using threads = await start("in_threads");
  threads.worker.sendInputs(call("in-1", [1]), call("in-2", [2]));
  threads.worker.sendInputs(call("in-3", [3]));
  assert.equal(decode((await threads.worker.output("in-2")).payload), 2);
  assert.equal(decode((await threads.worker.output("in-3")).payload), 1);
});

const FAILURES: [string, unknown[], RegExp][] = [
  ["a tuple", ["tuple", 1], /^InvalidError\('Output of batched function wrong must be a list\.'\)/],
  ["a list that is too short", ["short", 1], /must be a list of equal length as its inputs\./],
  ["an exception", ["raise", 1], /^KeyError\('k'\)/],
  ["a result without a form", ["object", 1], /^SerializationError\(/],
];

for (const [what, values, sentence] of FAILURES) {
  test(`${what} fails every input of the batch`, async () => {
    await using started = await start("wrong");
    const { worker } = started;
    worker.sendInputs(...values.map((value, index) => call(`in-${index}`, [value])));
    for (const index of values.keys()) {
      const { header } = await worker.output(`in-${index}`);
      assert.equal(header.status, "FAILURE");
      assert.match(String(header.exception), sentence);
    }
    worker.sendInputs(call("in-next", ["fine"]));
    assert.equal(decode((await worker.output("in-next")).payload), "fine");
  });
}

const MISFITS: [unknown[], object, RegExp][] = [
  [[1], {}, /takes exactly xs, factors; an input of the batch gave 1 by position and none by name/],
  [[1, 2, 3], {}, /gave 3 by position/],
  [[1], { other: 2 }, /gave 1 by position and other by name/],
  [[1, 2], { xs: 3 }, /was given `xs` twice/],
];

for (const [args, kwargs, sentence] of MISFITS) {
  test(`arguments that do not fit fail the batch: ${sentence.source}`, async () => {
    await using started = await start("multiply");
    const { worker } = started;
    worker.sendInputs(call("in-1", [1, 2]), call("in-2", args, kwargs));
    for (const id of ["in-1", "in-2"]) assert.match(String((await worker.output(id)).header.exception), sentence);
  });
}

test("an input that is cancelled before its batch begins is not in it", async () => {
  await using started = await start("multiply");
  const { worker } = started;
  worker.sendInputs(call("in-1", ["brief", 1]));
  await worker.frame("a log", ({ header }) => header.type === "log");
  worker.sendInputs(call("in-2", [2, 2]), call("in-3", [3, 3]));
  worker.send({ type: "cancel", inputs: ["in-2"] });
  assert.equal((await worker.output("in-2")).header.status, "TERMINATED");
  assert.deepEqual(decode((await worker.output("in-3")).payload), [3, 3, "in-3"]);
  assert.equal(worker.logs("in-3", 1), "a batch of 1\n");
});

for (const name of ["multiply", "in_tasks"]) {
  test(`inputs of a batch that runs are cancelled one by one, and its code with the last: ${name}`, async () => {
    await using started = await start(name);
    const { worker } = started;
    const args = (value: unknown) => (name === "multiply" ? [value, 1] : [value]);
    worker.sendInputs(call("in-1", args("sleep")), call("in-2", args(2)));
    await worker.frame("a log", ({ header }) => header.type === "log");
    worker.send({ type: "cancel", inputs: ["in-1"] });
    const first = await worker.output("in-1");
    assert.deepEqual([first.header.status, first.header.exception], ["TERMINATED", ""]);
    worker.send({ type: "cancel", inputs: ["in-1", "in-2"] });
    const last = await worker.output("in-2");
    assert.equal(last.header.status, "TERMINATED");
    assert.match(String(last.header.exception), /^(InputCancellation|CancelledError)\(/);
    worker.sendInputs(call("in-3", args(3)));
    assert.equal((await worker.output("in-3")).header.status, "SUCCESS");
    assert.equal(worker.frames.filter(({ header }) => header.type === "output").length, 3);
  });
}
