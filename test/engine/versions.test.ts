import assert from "node:assert/strict";
import { test } from "node:test";
import { collected, EngineHarness } from "./engineHarness.ts";

const source = (version: number, more = "") => `import modal

app = modal.App("versioned")

@app.function()
def version():
    return ${version}

@app.cls()
class Counter:
    start: int = modal.parameter(default=0)

    @modal.method()
    def next(self):
        return [self.start + 1, ${version}]
${more}`;

const GONE = `
@app.function()
def gone(x):
    return -x
`;

test("a function can be looked up at each version of its app, and stays there", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source(1, GONE));
  const { functions, classes } = harness.modal();
  const first = await functions.lookup("versioned", "version", { version: 1 });
  const newest = await functions.lookup("versioned", "version");
  assert.equal(await first.remote(), 1);
  await harness.deploy(source(2));

  assert.equal(await newest.remote(), 2);
  assert.equal(await first.remote(), 1);
  assert.deepEqual(await collected(functions.fromName("versioned", "version", { version: 2 }).starmap([[]])), [2]);
  assert.equal((await functions.lookup("versioned", "version", { version: 1 })).functionId, first.functionId);
  assert.equal(await functions.fromName("versioned", "gone", { version: 1 }).remote([5]), -5);
  await assert.rejects(functions.fromName("versioned", "gone").remote([5]), { name: "NotFoundError" });
  assert.match((await first.getRawF()).text, /return 1$/);

  const old = classes.fromName("versioned", "Counter", { version: 1 }).instance({ start: 6 });
  assert.deepEqual(await old.method("next").remote(), [7, 1]);
  assert.deepEqual(
    await classes.fromName("versioned", "Counter").instance({ start: 6 }).method("next").remote(),
    [7, 2],
  );

  await harness.end("SIGKILL");
  await harness.restart();
  const again = harness.modal();
  assert.equal(await again.functions.fromId(first.functionId).remote(), 1);
  assert.equal(await again.functions.fromName("versioned", "version").remote(), 2);
});

test("a version that never was is not found, and the newest one is told", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source(1));
  const { functions } = harness.modal();
  for (const version of [2, -1]) {
    await assert.rejects(functions.lookup("versioned", "version", { version }), {
      name: "NotFoundError",
      message: new RegExp(`has no version ${version}; it is at version 1 now`),
    });
  }
});

test("user code finds functions and classes at a version, in an environment, and of an app that another one includes", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source(1));
  await harness.deploy(source(2));
  const elsewhere = await harness.write("app.py", source(3));
  await harness.engine().deploy({ path: elsewhere, python: "python3", environmentName: "dev" });
  await harness.write(
    "shared.py",
    `import modal
app = modal.App("shared")

@app.function()
def shared(x):
    return ["shared", x]

@app.cls()
class Shared:
    @modal.method()
    def double(self, x):
        return 2 * x
`,
  );
  await harness.deploy(
    `import os
import modal
import shared

app = modal.App("including").include(shared.app)

@app.function()
def versions():
    first = modal.Function.from_name("versioned", "version", version=1)
    live = modal.Function.from_name("versioned", "version")
    dev = modal.Function.from_name("versioned", "version", environment_name="dev")
    Counter = modal.Cls.from_name("versioned", "Counter", version=1)
    return [first.remote(), live.remote(), dev.remote(), Counter(start=6).next.remote(), passed.remote(first, Counter)]

@app.function()
def passed(function, Counter):
    return [function.remote(), Counter().next.remote()]

@app.function()
def included():
    return [shared.shared.remote(1), shared.Shared().double.remote(4)]

@app.function()
def container():
    return os.environ["MODAL_TASK_ID"]
`,
    "including.py",
  );
  const { functions } = harness.modal();
  const call = (name: string) => functions.fromName("including", name).remote();
  assert.deepEqual(await call("versions"), [1, 2, 3, [7, 1], [1, [1, 1]]]);
  assert.deepEqual(await call("included"), [["shared", 1], 8]);
  const container = await functions.fromName("including", "container").spawn();
  const value = await container.get();
  const [output] = (await harness.service().functionGetOutputs({ functionCallId: container.functionCallId })).outputs;
  assert.equal(value, output?.taskId);
});
