import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { FakeEngine, type FakeFunction } from "./fakeEngine.ts";
import { Project, PYTHON, Worker } from "./workerHarness.ts";

const SOURCE = `
import asyncio
import modal

app = modal.App("a")

@app.function()
def double(x): return 2 * x

@app.function()
def generator():
    yield 1

other = modal.Function.from_name("elsewhere", "other")
missing = modal.Function.from_name("a", "missing")

@app.function()
def f(code):
    scope = {}
    exec("def code():\\n" + "".join("    " + line + "\\n" for line in code.splitlines()), globals(), scope)
    return scope["code"]()

@app.function()
async def g(code):
    scope = {}
    exec("async def code():\\n" + "".join("    " + line + "\\n" for line in code.splitlines()), globals(), scope)
    return await scope["code"]()
`;

interface Result {
  readonly status: unknown;
  readonly value: unknown;
  readonly exception: string;
  readonly traceback: string;
  readonly engine: FakeEngine;
}

async function run(code: string, functions: Record<string, FakeFunction>, functionName = "f"): Promise<Result> {
  await using project = await Project.create({ "code_file.py": SOURCE });
  await using worker = await Worker.start(project, "code_file.py", functionName);
  const engine = new FakeEngine(functions);
  engine.attach(worker);
  worker.sendInputs({ id: "in-1", data: encode([[code], {}]) });
  const { header, payload } = await worker.output("in-1");
  const value = header.status === "SUCCESS" ? decode(payload) : undefined;
  return {
    status: header.status,
    value,
    exception: String(header.exception),
    traceback: String(header.traceback),
    engine,
  };
}

const tenfold: FakeFunction = { run: (index) => index * 10 };
const even: FakeFunction = {
  run: (index) => {
    if (index % 2) throw new Error(`ValueError(${index})`);
    return index;
  },
};

test("remote sends pickled arguments and its parent input, and returns the result", async () => {
  let args = "";
  const double: FakeFunction = {
    run: (_, data) => {
      args = data.toString("hex");
      return 14;
    },
  };
  const { value, engine } = await run("return double.remote(7)", { double });
  assert.equal(value, 14);
  assert.equal(args, "80049509000000000000004b0785947d9486942e"); // ((7,), {})
  const [call] = engine.calls;
  assert.deepEqual([call?.parentInput, call?.kind, call?.invocation, call?.finished], ["in-1", "unary", "sync", true]);
  assert.deepEqual(engine.requests[0], { method: "lookup", params: { app: "a", name: "double" } });
});

test("an output that comes with the answer to a call is not asked for again", async () => {
  const { value, engine } = await run("return double.remote(7)", { double: { ...tenfold, isQuick: true } });
  assert.equal(value, 0);
  assert.deepEqual(
    engine.requests.map(({ method }) => method),
    ["lookup", "call"],
  );
  const fails = { ...even, run: () => assert.fail("far away"), isQuick: true };
  assert.match((await run("return double.remote(1)", { double: fails })).exception, /^RemoteError\('far away'\)/);
  const spawned = await run("return double.spawn(7).get()", { double: { ...tenfold, isQuick: true } });
  assert.deepEqual(
    spawned.engine.requests.map(({ method, params }) => [method, params.output_wait_ms]),
    [
      ["lookup", undefined],
      ["call", 0],
      ["outputs", undefined],
    ],
  );
});

test("a function is looked up once, and others by their app's name", async () => {
  const { value, engine } = await run("return [double.remote(1), double.remote(2), other.remote()]", {
    double: tenfold,
    other: tenfold,
  });
  assert.deepEqual(value, [0, 0, 0]);
  assert.deepEqual(
    engine.requests.filter(({ method }) => method === "lookup").map(({ params }) => `${params.app}.${params.name}`),
    ["a.double", "elsewhere.other"],
  );
});

test("spawn, get, cancel, graph and stats", async () => {
  const { value, engine } = await run(
    `call = double.spawn(1)
again = modal.FunctionCall.from_id(call.object_id)
call.cancel(terminate_containers=True)
graph = call.get_call_graph()
stats = double.get_current_stats()
return [again.get(timeout=5), modal.FunctionCall.gather(call, again), graph[0].function_name,
        [child.status.name for child in graph[0].children], stats.num_total_runners, stats.input_headroom]`,
    { double: { run: () => 5 } },
  );
  assert.deepEqual(value, [5, [5, 5], "f", ["PENDING", "FAILURE"], 2, 4]);
  assert.equal(engine.calls[0]?.invocation, "async");
  assert.deepEqual(engine.requests.find(({ method }) => method === "cancel")?.params, {
    function_call_id: "fc-0",
    terminate_containers: true,
  });
});

test("errors of the engine are Modal's exceptions", async () => {
  const { exception, traceback } = await run("return missing.remote()", {});
  assert.equal(exception, "NotFoundError('There is no function missing.')");
  assert.doesNotMatch(traceback, /src\/python\/modal/);
  assert.match((await run("return generator.remote()", { generator: tenfold })).exception, /^InvalidError.*remote_gen/);
  assert.match((await run("return double(1)", {})).exception, /^TypeError.*double\.remote\(\.\.\.\)/);
  assert.match((await run("return modal.Sandbox.create('ls')", {})).exception, /^UnimplementedError.*modal\.Sandbox/);
});

test("a failed call raises what its function raised, or says why it cannot", async () => {
  const fails: FakeFunction = {
    run: () => {
      throw new Error("ValueError('far away')");
    },
  };
  const { exception } = await run("return double.remote(1)", { double: fails });
  assert.match(exception, /^RemoteError\("ValueError\('far away'\)"\)/);
});

test("get says when there is no result yet, and when there is none any more", async () => {
  const never: FakeFunction = { run: () => 1, arrange: () => [] };
  const { value } = await run(
    `from modal.dual import run
try: double.spawn(1).get(timeout=0)
except modal.exception.OutputExpiredError as error: gone = type(error).__name__
open_call = run(double.start_map("async"))
try: modal.FunctionCall.from_id(open_call).get(timeout=0)
except TimeoutError as error: late = str(error)
return [gone, late]`,
    { double: never },
  );
  assert.deepEqual(value, ["OutputExpiredError", "fc-1 has no result after 0 s."]);
});

test("map keeps the order of its inputs, whatever order the outputs come in", async () => {
  const double: FakeFunction = { run: (index) => index * 10, arrange: (entries) => entries.reverse() };
  const { value, engine } = await run("return list(double.map(range(3000)))", { double });
  assert.deepEqual(
    value,
    Array.from({ length: 3000 }, (_, index) => index * 10),
  );
  const [call] = engine.calls;
  assert.deepEqual(
    [call?.kind, call?.invocation, call?.parentInput, call?.inputs, call?.finished],
    ["map", "sync", "in-1", 3000, true],
  );
  assert.ok(Math.max(...(call?.batches ?? [])) <= 512);
});

test("map without order yields outputs as they come", async () => {
  const double: FakeFunction = { run: (index) => index, arrange: (entries) => entries.reverse() };
  const { value } = await run("return sorted(double.map(range(1000), order_outputs=False))", { double });
  assert.deepEqual(
    value,
    Array.from({ length: 1000 }, (_, index) => index),
  );
});

test("map zips iterables, starmap spreads rows, for_each returns nothing, none at all is fine", async () => {
  const args: string[] = [];
  const double: FakeFunction = {
    run: (index, data) => {
      args.push(data.toString("latin1"));
      return index;
    },
  };
  const { value } = await run(
    `return [list(double.map("ab", "cdX", kwargs={"key": 1})), list(double.starmap([(1, 2)])), double.for_each([1]), list(double.map([]))]`,
    { double },
  );
  assert.deepEqual(value, [[0, 1], [0], null, []]);
  assert.match(args[1] ?? "", /b.*d.*key/s);
});

test("the first failure of a map is raised; with return_exceptions failures are results", async () => {
  assert.match(
    (await run("return list(double.map(range(5)))", { double: even })).exception,
    /RemoteError\('ValueError\(1\)'\)/,
  );
  const { value } = await run("return [repr(x) for x in double.map(range(3), return_exceptions=True)]", {
    double: even,
  });
  assert.deepEqual(value, ["0", "RemoteError('ValueError(1)')", "2"]);
});

test("a map feeds while it is read: an iterator may depend on results", async () => {
  const { value } = await run(
    `import queue
results = queue.Queue()
def feed():
    yield 0
    for _ in range(3): yield results.get(timeout=10)
for value in double.map(feed()): results.put(value)
return value`,
    { double: tenfold },
  );
  assert.equal(value, 30);
});

test("a map that is left early is finished, and stops reading its iterator", async () => {
  const { value, engine } = await run(
    `import itertools
for value in double.map(itertools.count()):
    if value == 50: break
return value`,
    { double: tenfold },
  );
  assert.equal(value, 50);
  assert.ok((engine.calls[0]?.inputs ?? Infinity) < 5000);
});

test("wrong uses of map show the right one", async () => {
  assert.match((await run("return list(double.map(1, 2))", {})).exception, /InvalidError.*f\.map\(\[1, 2, 3\]\)/);
  assert.match((await run("return list(double.map())", {})).exception, /InvalidError.*f\.map\(\[1, 2, 3\]\)/);
  const broken = await run("return list(double.map(1 / x for x in [1, 0]))", { double: tenfold });
  assert.match(broken.exception, /ZeroDivisionError/);
});

test("spawn_map leaves a call behind that has all inputs", async () => {
  const { value, engine } = await run("return double.spawn_map(range(2000)).get(index=1999)", { double: tenfold });
  assert.equal(value, 19990);
  assert.deepEqual(
    [engine.calls[0]?.invocation, engine.calls[0]?.inputs, engine.calls[0]?.finished],
    ["async", 2000, true],
  );
});

test("the aio forms work in an async function, many at once", async () => {
  const { value, exception } = await run(
    `async def numbers():
    for n in range(4): yield n
many = await asyncio.gather(*(double.remote.aio(n) for n in range(200)))
call = await double.spawn.aio(1)
mapped = [x async for x in double.map.aio(range(5))]
pulled = [x async for x in double.map.aio(numbers())]
starred = [x async for x in double.starmap.aio([(1,)])]
async for first in double.map.aio(range(10_000)): break
return [sum(many), await call.get.aio(), mapped, pulled, starred, first]`,
    { double: tenfold },
    "g",
  );
  assert.equal(exception, "undefined");
  assert.deepEqual(value, [0, 0, [0, 10, 20, 30, 40], [0, 10, 20, 30], [0], 0]);
});

test("a function call can be returned to a Python caller", async () => {
  await using project = await Project.create({
    "code_file.py":
      'import modal\napp = modal.App("a")\n@app.function()\ndef f(): return modal.FunctionCall.from_id("fc-9")\n',
  });
  await using worker = await Worker.start(project, "code_file.py", "f");
  worker.sendInputs({ id: "in-1", format: 1 });
  const { payload } = await worker.output("in-1");
  assert.match(payload.toString("latin1"), /fc-9.*o.N.*Q\.$/s); // ("fc-9", "o", None), then BINPERSID
});

test("a nested call that waits is interrupted by a cancellation", async () => {
  await using project = await Project.create({ "code_file.py": SOURCE });
  await using worker = await Worker.start(project, "code_file.py", "f");
  worker.onRequest = (method) =>
    method === "lookup" ? { value: { function_id: "fu-1", is_generator: false } } : undefined;
  worker.sendInputs({ id: "in-1", data: encode([["return double.remote(1)"], {}]) });
  await worker.frame("a call", ({ header }) => header.method === "call");
  worker.send({ type: "cancel", inputs: ["in-1"] });
  assert.equal((await worker.output("in-1")).header.status, "TERMINATED");
});

test("outside of a worker, local works and remote says what to do", async () => {
  await using project = await Project.create({
    "script.py": `${SOURCE}\nprint(double.local(4), modal.is_local(), modal.current_input_id())\ndouble.remote(1)\n`,
  });
  const child = spawn(PYTHON, [project.path("script.py")], {
    env: { ...process.env, PYTHONPATH: join(import.meta.dirname, "../../src/python"), PYTHONDONTWRITEBYTECODE: "1" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => {
      output += String(chunk);
    });
  await new Promise((resolve) => child.on("close", resolve));
  assert.match(output, /^8 True None$/m);
  assert.match(output, /ExecutionError: This process runs outside of the local engine.*\.local\(\.\.\.\)/);
});
