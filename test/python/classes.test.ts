import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "cbor-x";
import { FakeEngine } from "./fakeEngine.ts";
import { describeFile, type InstanceArguments, Project, Worker, workerOf } from "./workerHarness.ts";

const SOURCE = `
import asyncio, time
import modal
app = modal.App("a")

class Base:
    @modal.method()
    def inherited(self): return "from the base"

@app.cls()
class Counter(Base):
    start: int = modal.parameter(default=10)
    label: str = modal.parameter()
    quiet: bool = modal.parameter(default=False)
    raw: bytes = modal.parameter(default=b"\\x00\\xff")
    count: int = modal.parameter(init=False)

    @modal.enter()
    def later(self): self.order.append("later")
    @modal.enter(snap=True)
    def first(self):
        print("entering")
        self.order, self.count = ["first"], self.start
    @modal.exit()
    def leave(self): print("leaving", self.count)
    @modal.exit()
    def broken(self): raise ValueError("too late")

    @modal.method()
    def add(self, n=1):
        self.count += n
        return self.count
    @modal.method()
    def tell(self): return [self.order, self.label, self.quiet, list(self.raw), self.plain()]
    def plain(self): return self.add.local(5)
    @modal.method()
    def upto(self, n):
        for i in range(n): yield i

@app.cls()
class Both:
    def __init__(self, name="unnamed", times=1): self.name = name * times
    @modal.enter()
    async def load(self):
        await asyncio.sleep(0)
        self.loop = asyncio.get_running_loop()
    @modal.method()
    def sync(self): return asyncio.run(self.inner())
    async def inner(self): return self.name
    @modal.method()
    async def on_loop(self): return self.loop is asyncio.get_running_loop()
    @modal.method()
    async def agen(self, n):
        for i in range(n):
            await asyncio.sleep(0)
            yield i
    @modal.method()
    async def sleep(self):
        print("sleeping")
        await asyncio.sleep(600)
    @modal.method()
    def block(self):
        print("blocking")
        time.sleep(600)
    @modal.exit()
    async def leave(self):
        await asyncio.sleep(0)
        print("left the loop")

@app.cls()
class Failing:
    @modal.enter()
    def load(self): raise FileNotFoundError("weights.bin")
    @modal.method()
    def f(self): pass

@app.function()
def f(code):
    scope = {}
    exec("def code():\\n" + "".join("    " + line + "\\n" for line in code.splitlines()), globals(), scope)
    return scope["code"]()
`;

const start = (service: string, instance?: InstanceArguments) => workerOf(SOURCE, service, instance);

const call = (id: string, method: string, ...args: unknown[]) => ({ id, method, data: encode([args, {}]) });
const LABEL = { name: "label", type: "str", value: "ones" };

test("a class is described as one function with its methods and parameters", async () => {
  await using project = await Project.create({ "app_file.py": SOURCE });
  const { apps } = (await describeFile(project.path("app_file.py"))) as unknown as {
    apps: { functions: { name: string; is_async: boolean; line: number; end_line: number; cls?: ClassEntry }[] }[];
  };
  interface ClassEntry {
    parameter_format: string;
    parameters: unknown[];
    methods: { name: string; is_generator: boolean; is_async: boolean; parameters: { name: string }[] }[];
  }
  const entries = apps[0]?.functions ?? [];
  assert.deepEqual(
    entries.map(({ name }) => name),
    ["f", "Counter.*", "Both.*", "Failing.*"],
  );
  const counter = entries.find(({ name }) => name === "Counter.*");
  assert.deepEqual([counter?.is_async, counter?.line, counter?.end_line], [false, 10, 38]);
  assert.equal(counter?.cls?.parameter_format, "typed");
  assert.deepEqual(counter?.cls?.parameters, [
    { name: "start", type: "int", default: { name: "start", type: "int", value: "10" } },
    { name: "label", type: "str", default: null },
    { name: "quiet", type: "bool", default: { name: "quiet", type: "bool", value: false } },
    { name: "raw", type: "bytes", default: { name: "raw", type: "bytes", value: "AP8=" } },
  ]);
  const methods = counter?.cls?.methods.map(({ name, is_generator, parameters }) => {
    return [name, is_generator, parameters.map((parameter) => parameter.name)];
  });
  assert.deepEqual(methods, [
    ["inherited", false, []],
    ["add", false, ["n"]],
    ["tell", false, []],
    ["upto", true, ["n"]],
  ]);
  const both = entries.find(({ name }) => name === "Both.*");
  assert.deepEqual([both?.is_async, both?.cls?.parameter_format, both?.cls?.parameters], [true, "pickle", []]);
});

for (const [what, member, message] of [
  ["without a type", "size = modal.parameter()", "line 3: the parameter `size` of C needs a type, one of str, int"],
  ["of another type", "size: list = modal.parameter()", "line 3: the parameter `size` of C needs a type, one of str"],
  [
    "with a wrong default",
    'size: int = modal.parameter(default="1")',
    "the default of the parameter `size` of C is no",
  ],
  ["beside a constructor", "size: int = modal.parameter()\n    def __init__(self): pass", "C has both an `__init__`"],
] as const) {
  test(`a parameter ${what} is refused with its place`, async () => {
    const source = `import modal\napp = modal.App("a")\n@app.cls()\nclass C:\n    ${member}\n`;
    await using project = await Project.create({ "app_file.py": source });
    const { ok, message: said } = await describeFile(project.path("app_file.py"));
    assert.equal(ok, false);
    assert.ok(String(said).includes(message), String(said));
  });
}

test("one instance serves all inputs, and its hooks run around them", async () => {
  await using started = await start("Counter.*", { parameters: [LABEL, { name: "start", type: "int", value: "100" }] });
  const { worker } = started;
  worker.sendInputs(call("in-1", "add"), call("in-2", "add", 2), call("in-3", "tell"), call("in-4", "inherited"));
  assert.equal(decode((await worker.output("in-1")).payload), 101);
  assert.equal(decode((await worker.output("in-2")).payload), 103);
  assert.deepEqual(decode((await worker.output("in-3")).payload), [["first", "later"], "ones", false, [0, 255], 108]);
  assert.equal(decode((await worker.output("in-4")).payload), "from the base");
  worker.send({ type: "stop" });
  assert.equal(await worker.exited, 0);
  assert.equal(worker.logs(null, 1), "entering\nleaving 108\n");
  assert.match(worker.logs(null, 2), /line \d+, in broken[\s\S]*ValueError: too late/);
});

test("a generator method yields, and an unknown method says which there are", async () => {
  await using started = await start("Counter.*", { parameters: [LABEL] });
  const { worker } = started;
  worker.sendInputs(call("in-1", "upto", 3), call("in-2", "nothing"));
  assert.equal((await worker.output("in-1")).header.items, 3);
  const { header } = await worker.output("in-2");
  assert.match(String(header.exception), /Counter has no method `nothing`; it has: inherited, add, tell, upto\./);
});

test("a class of both kinds runs plain methods plainly, and all others on one loop", async () => {
  const source = "import pickle,sys; sys.stdout.buffer.write(pickle.dumps(((), {'name': 'ab', 'times': 2})))";
  const { execFileSync } = await import("node:child_process");
  const pickled = execFileSync("python3", ["-c", source]);
  await using started = await start("Both.*", { pickled });
  const { worker } = started;
  worker.sendInputs(call("in-1", "sync"), call("in-2", "on_loop"), call("in-3", "agen", 4));
  assert.equal(decode((await worker.output("in-1")).payload), "abab");
  assert.equal(decode((await worker.output("in-2")).payload), true);
  assert.equal((await worker.output("in-3")).header.items, 4);
  worker.send({ type: "stop" });
  assert.equal(await worker.exited, 0);
  assert.equal(worker.logs(null, 1), "left the loop\n");
});

for (const method of ["sleep", "block"]) {
  test(`a method of a class of both kinds is cancelled while it runs: ${method}`, async () => {
    await using started = await start("Both.*");
    const { worker } = started;
    worker.sendInputs(call("in-1", method), call("in-2", "on_loop"));
    await worker.frame("a log", ({ header }) => header.type === "log" && header.input === "in-1");
    worker.send({ type: "cancel", inputs: ["in-1"] });
    assert.equal((await worker.output("in-1")).header.status, "TERMINATED");
    assert.equal(decode((await worker.output("in-2")).payload), true);
  });
}

test("an enter hook that fails, or a parameter that is missing, is a failed start with its traceback", async () => {
  await using failing = await start("Failing.*");
  const failed = await failing.worker.frame("failed", ({ header }) => header.type === "failed");
  assert.match(String(failed.header.exception), /FileNotFoundError\('weights.bin'\)/);
  assert.match(String(failed.header.traceback), /in load\n/);
  assert.equal(await failing.worker.exited, 1);

  await using unnamed = await start("Counter.*");
  const missing = await unnamed.worker.frame("failed", ({ header }) => header.type === "failed");
  assert.match(String(missing.header.exception), /Counter needs a value for its parameter `label`/);
});

async function run(code: string) {
  await using project = await Project.create({ "app_file.py": SOURCE });
  await using worker = await Worker.start(project, "app_file.py", "f");
  const engine = new FakeEngine({ "Counter.*": { run: (index) => index * 10 } });
  engine.attach(worker);
  worker.sendInputs({ id: "in-1", data: encode([[code], {}]) });
  const { header, payload } = await worker.output("in-1");
  const value = header.status === "SUCCESS" ? decode(payload) : undefined;
  return { value, exception: String(header.exception), engine };
}

test("user code calls methods remotely: one call, a spawned one, a map", async () => {
  const { value, exception, engine } = await run(`
c = Counter(label="x", start=2**62)
return [c.add.remote(1), c.add.spawn(2).get(), list(c.add.map([1, 2, 3]))]`);
  assert.deepEqual(value, [0, 0, [0, 10, 20]], exception);
  const binds = engine.requests.filter(({ method }) => method === "bind");
  assert.deepEqual(
    binds.map(({ params }) => params),
    [
      {
        app: "a",
        name: "Counter.*",
        options: {},
        parameters: [
          { name: "start", type: "int", value: String(2n ** 62n) },
          { name: "label", type: "str", value: "x" },
          { name: "quiet", type: "bool", value: false },
          { name: "raw", type: "bytes", value: "AP8=" },
        ],
      },
    ],
  );
  const sent = engine.requests.filter(({ params }) => (params.inputs as unknown[] | undefined)?.length);
  assert.deepEqual(new Set(sent.map(({ params }) => params.method)), new Set(["add"]));
});

test("a class that is found by its name is used in the same way, with settings of its own", async () => {
  const { value, exception, engine } = await run(`
C = modal.Cls.from_name("other", "Counter").with_options(timeout=7, max_containers=2, gpu="A100")
C = C.with_concurrency(max_inputs=4, target_inputs=3).with_batching(max_batch_size=5, wait_ms=6)
return C(label="x").add.remote()`);
  assert.equal(value, 0, exception);
  const bind = engine.requests.find(({ method }) => method === "bind");
  assert.deepEqual(bind?.params, {
    app: "other",
    name: "Counter.*",
    options: {
      timeout_s: 7,
      max_containers: 2,
      max_concurrent_inputs: 4,
      target_concurrent_inputs: 3,
      batch_max_size: 5,
      batch_wait_ms: 6,
    },
    parameters: [{ name: "label", type: "str", value: "x" }],
  });
  const unknown = await run('return modal.Cls.from_name("other", "Counter")(label="x").nothing.remote()');
  assert.match(unknown.exception, /NotFoundError\('Counter has no method `nothing`; it has: add/);
});

test("local runs on one object of this process, its enter hooks before the first method", async () => {
  const { value, exception } = await run(`
c = Counter(label="x")
both = Both("n")
return [c.add.local(), c.add.local(), c.label, list(c.upto.local(2)), asyncio.run(both.on_loop.local())]`);
  assert.deepEqual(value, [11, 12, "x", [0, 1], true], exception);
  const { exception: needsLoop } = await run('return Both("n").sync.local()');
  assert.match(needsLoop, /Both has an `async def` enter method, which needs an event loop/);
});

test("handles on instances and methods are pickled by their names", async () => {
  const { value, exception } = await run(`
import pickle
copy = pickle.loads(pickle.dumps(Counter(label="x").add))
return [repr(copy), copy.remote()]`);
  assert.deepEqual(value, ["modal.Function(a.Counter.add)", 0], exception);
});

test("misuse is refused in one sentence", async () => {
  const refusals: [string, RegExp][] = [
    ["Counter.add.remote()", /Make an instance first: `Counter\(\)\.add`, not `Counter\.add`\./],
    ['Counter("x").add.remote()', /Counter takes its parameters by name/],
    ["Counter(label='x', size=1).add.remote()", /Counter has no parameter `size`; it has: start, label, quiet, raw\./],
    ["Counter().add.remote()", /Counter needs a value for its parameter `label`/],
    ["Counter(label=[1]).add.remote()", /The parameter `label` of Counter cannot be of type list/],
    ["Counter(label='x', start=2**63).add.remote()", /The parameter `start` of Counter is beyond 64 bits/],
    [
      "Counter.with_batching(max_batch_size=0, wait_ms=1)",
      /`max_batch_size` takes a whole number from 1 to 1000, not 0/,
    ],
    ["Counter.with_concurrency(max_inputs=2, target_inputs=3)", /`target_inputs` cannot be larger than `max_inputs`/],
    ["Counter(label='x').add()", /call `Counter\.add\.remote\(\.\.\.\)`/],
    ['modal.Function.from_name("a", "Counter.add")', /write `modal\.Cls\.from_name\('a', 'Counter'\)\(\)\.add`/],
    ['modal.Cls.from_name("a", "Counter")(label="x").add.local()', /found by its name, so its Python function is not/],
  ];
  await using started = await start("f");
  const { worker } = started;
  new FakeEngine({ "Counter.*": { run: (index) => index } }).attach(worker);
  worker.sendInputs(
    ...refusals.map(([code], index) => ({ id: `in-${index}`, data: encode([[`return ${code}`], {}]) })),
  );
  for (const [index, [code, sentence]] of refusals.entries()) {
    const { header } = await worker.output(`in-${index}`);
    assert.match(String(header.exception), sentence, code);
  }
});
