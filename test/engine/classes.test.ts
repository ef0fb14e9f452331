import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { InvalidError, NotFoundError, RemoteError } from "../../src/client/index.ts";
import { collected, EngineHarness, until } from "./engineHarness.ts";

const SOURCE = `import os, time
import modal

app = modal.App("models")
JOURNAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "journal")

def note(text):
    with open(JOURNAL, "a") as file: file.write(text + "\\n")

@app.cls(max_containers=1, scaledown_window=1, startup_timeout=60)
class Model:
    size: int = modal.parameter(default=7)
    name: str = modal.parameter(default="model")

    @modal.enter()
    def load(self): note(f"enter {self.name}")

    @modal.exit()
    def leave(self):
        print("goodbye from", self.name)
        note(f"exit {self.name}")

    @modal.method()
    def describe(self): return [self.name, self.size, os.getpid()]

    @modal.method()
    def double(self, x: int) -> int: return 2 * x

    @modal.method()
    def say(self, text): print(text, "says", self.name)

    @modal.method()
    def upto(self, n):
        for i in range(n): yield i * self.size

    @modal.method()
    def nested(self, x):
        return [self.double.local(x), self.double.remote(x), list(self.double.map([x, x + 1]))]

    @modal.method()
    def sleep(self, seconds): time.sleep(seconds)

@app.cls()
class Old:
    def __init__(self, name: str, times=1, *more, tags: list[str] = (), **rest): self.name = name * times
    @modal.method()
    async def tell(self): return self.name

@app.cls()
class Broken:
    @modal.enter()
    def load(self): raise FileNotFoundError("weights.bin")
    @modal.method()
    def f(self): pass

@app.function()
def hasty(): return Model.with_options(timeout=1, gpu="A100")().sleep.remote(600)

@app.function()
def through(name):
    other = modal.Cls.from_name("models", "Model")(name=name)
    return [Model(name=name).double.remote(4), other.describe.spawn().get()[:2], list(other.upto.remote_gen(3))]
`;

async function start(t: TestContext) {
  const harness = await EngineHarness.start(t);
  const deployed = await harness.deploy(SOURCE);
  const journal = async () => {
    const text = await readFile(join(harness.folder, "src", "journal"), "utf8").catch(() => "");
    return text.split("\n").filter(Boolean);
  };
  return { harness, deployed, journal };
}

test("a class is deployed with its methods, under their names and places", async (t) => {
  const { harness, deployed } = await start(t);
  const [app] = deployed.apps;
  assert.deepEqual(app?.notApplied, []);
  const listed = app?.functions.map(({ name, isGenerator, source }) => [name, isGenerator, source?.qualifiedName]);
  assert.deepEqual(listed, [
    ["hasty", false, "hasty"],
    ["through", false, "through"],
    ["Model.describe", false, "Model.describe"],
    ["Model.double", false, "Model.double"],
    ["Model.say", false, "Model.say"],
    ["Model.upto", true, "Model.upto"],
    ["Model.nested", false, "Model.nested"],
    ["Model.sleep", false, "Model.sleep"],
    ["Old.tell", false, "Old.tell"],
    ["Broken.f", false, "Broken.f"],
  ]);
  const { appLayout } = await harness.service().appGetLayout({ appId: app?.appId ?? "" });
  assert.deepEqual(Object.keys(appLayout?.classIds ?? {}), ["Model", "Old", "Broken"]);
  assert.deepEqual(Object.keys(appLayout?.functionIds ?? {}), ["hasty", "through", "Model.*", "Old.*", "Broken.*"]);
  const { classId, handleMetadata } = await harness.service().classGet({ appName: "models", objectTag: "Model" });
  assert.match(classId, /^cs-/);
  assert.equal(classId, appLayout?.classIds.Model);
  assert.equal(handleMetadata?.classFunctionId, appLayout?.functionIds["Model.*"]);
  const { apps } = harness.modal();
  const [model] = await apps.classes(app?.appId ?? "");
  assert.deepEqual(model?.methodNames, ["describe", "double", "say", "upto", "nested", "sleep"]);
  const layout = await apps.layout(app?.appId ?? "");
  assert.deepEqual(
    layout.map(({ name, isGenerator }) => [name, isGenerator]),
    listed?.map(([name, isGenerator]) => [name, isGenerator]),
  );
});

test("a class and its methods are found in the source that was deployed", async (t) => {
  const { harness, deployed } = await start(t);
  const functionId = deployed.apps[0]?.functions.find(({ name }) => name === "Model.double")?.functionId ?? "";
  const engine = harness.engine();
  const method = await engine.getFunctionSource({ functionId, methodName: "double" });
  assert.equal(method.qualifiedName, "Model.double");
  assert.equal(method.text, "    @modal.method()\n    def double(self, x: int) -> int: return 2 * x");
  const cls = await engine.getFunctionSource({ functionId });
  assert.equal(cls.qualifiedName, "Model");
  assert.match(cls.text, /^@app\.cls\(max_containers=1.*\n {4}def sleep\(self, seconds\): time\.sleep\(seconds\)$/s);
  await assert.rejects(engine.getFunctionSource({ functionId, methodName: "treble" }), /has no method treble/);
});

test("methods run on the instance of their parameters, each with a container of its own", async (t) => {
  const { harness } = await start(t);
  const cls = await harness.modal().classes.lookup("models", "Model");
  assert.deepEqual(cls.methods, ["describe", "double", "say", "upto", "nested", "sleep"]);
  assert.deepEqual(
    cls.parameters.map((parameter) => [parameter.name, parameter.type, parameter.default]),
    [
      ["size", "int", 7],
      ["name", "str", "model"],
    ],
  );
  const one = cls.instance();
  const other = cls.instance({ name: "other", size: 9 });
  const [name, size, pid] = (await one.method("describe").remote()) as unknown[];
  assert.deepEqual([name, size], ["model", 7]);
  const [otherName, otherSize, otherPid] = (await other.method("describe").remote()) as unknown[];
  assert.deepEqual([otherName, otherSize], ["other", 9]);
  assert.notEqual(pid, otherPid);
  assert.deepEqual(await collected(other.method("upto").remoteGen([3])), [0, 9, 18]);
  assert.deepEqual(await collected(one.method("double").map([[1, 2, 3]])), [2, 4, 6]);
  const { schema } = await one.method("double").hydrate();
  assert.deepEqual(
    schema?.parameters.map((parameter) => [parameter.name, parameter.type.base]),
    [["x", "int"]],
  );
});

test("methods call methods, and the call graph names them", async (t) => {
  const { harness } = await start(t);
  const modal = harness.modal();
  const call = await modal.classes.fromName("models", "Model").instance().method("nested").spawn([5]);
  assert.deepEqual(await call.get(), [10, 10, [10, 12]]);
  const graph = await call.getCallGraph();
  assert.deepEqual(
    graph.map(({ functionName, children }) => [functionName, children.map((child) => child.functionName)]),
    [["Model.nested", ["Model.double", "Model.double", "Model.double"]]],
  );
  const result = await modal.functions.fromName("models", "through").remote(["x"]);
  assert.deepEqual(result, [8, ["x", 7], [0, 7, 14]]);
});

test("an instance is the same function after a restart, and a new version of the class runs in it", async (t) => {
  const { harness } = await start(t);
  const before = await harness.modal().classes.fromName("models", "Model").instance({ name: "kept" }).hydrate();
  const call = await before.method("double").spawn([21]);
  assert.equal(await call.get(), 42);
  const unfinished = await before.method("sleep").spawn([0.5]);
  await harness.end("SIGKILL");
  await harness.restart();
  const modal = harness.modal();
  const after = await modal.classes.fromName("models", "Model").instance({ size: 7, name: "kept" }).hydrate();
  assert.equal(after.functionId, before.functionId);
  assert.equal(await modal.calls.fromId(call.functionCallId).get(), 42);
  assert.equal(await modal.calls.fromId(unfinished.functionCallId).get(), null);
  assert.equal((await after.method("double").getCurrentStats()).backlog, 0);
  assert.equal(await after.method("double").remote([2]), 4);
  await harness.deploy(SOURCE.replace("return 2 * x", "return 20 * x"));
  assert.equal(await after.method("double").remote([2]), 40);
});

test("what a method prints is in the logs of its call, of its instance and of its class", async (t) => {
  const { harness } = await start(t);
  const modal = harness.modal();
  const { appId } = await modal.apps.lookup("models");
  const cls = modal.classes.fromName("models", "Model");
  const instance = await cls.instance({ name: "loud" }).hydrate();
  const { functionId } = await harness.service().functionGet({ appName: "models", objectTag: "Model.*" });
  const call = await instance.method("say").spawn(["hello"]);
  await call.get();
  for (const filter of [{ functionCallId: call.functionCallId }, { functionId: instance.functionId }, { functionId }]) {
    const texts = (await modal.logs.tail({ appId, ...filter })).map(({ text }) => text);
    // A container that has left meanwhile has said goodbye.
    assert.deepEqual(
      texts.filter((text) => text !== "goodbye from loud\n"),
      ["hello says loud\n"],
    );
  }
});

test("options are an instance's own, above those of the class", async (t) => {
  const { harness } = await start(t);
  const cls = harness.modal().classes.fromName("models", "Model");
  const hasty = await cls.withOptions({ timeoutMs: 1_000 }).instance().hydrate();
  assert.notEqual(hasty.functionId, (await cls.instance().hydrate()).functionId);
  await assert.rejects(hasty.method("sleep").remote([600]), /timeout of 1 s/);
  const fromUserCode = harness.modal().functions.fromName("models", "hasty").remote();
  await assert.rejects(fromUserCode, /FunctionTimeoutError\(.*timeout of 1 s/);
  const settings = await cls.withOptions({ maxContainers: 5 }).instance().getAutoscaler();
  assert.equal(settings.settings.maxContainers, 5);
  assert.equal(settings.settings.scaledownWindowMs, 1_000);
  await assert.rejects(cls.withBatching({ maxBatchSize: 2, waitMs: 1 }).instance().hydrate(), (error: Error) => {
    return (
      error instanceof InvalidError && /Model.upto is a generator, which cannot be given batches/.test(error.message)
    );
  });
});

test("a plain function can have options of its own too", async (t) => {
  const { harness } = await start(t);
  const service = harness.service();
  const { functionId } = await service.functionGet({ appName: "models", objectTag: "through" });
  const bind = (timeoutSecs: number) => service.functionBindParams({ functionId, functionOptions: { timeoutSecs } });
  const [bound, again, other] = await Promise.all([bind(5), bind(5), bind(6)]);
  assert.equal(bound.boundFunctionId, again.boundFunctionId);
  assert.equal(new Set([functionId, bound.boundFunctionId, other.boundFunctionId]).size, 3);
  const further = await service.functionBindParams({
    functionId: bound.boundFunctionId,
    functionOptions: { timeoutSecs: 6 },
  });
  assert.equal(further.boundFunctionId, other.boundFunctionId);
  await assert.rejects(service.functionBindParams({ functionId, serializedParams: new Uint8Array([1]) }), /no class/);
});

test("a class with a constructor takes its keyword arguments", async (t) => {
  const { harness } = await start(t);
  const cls = harness.modal().classes.fromName("models", "Old");
  assert.equal(await cls.instance({ name: "ab", times: 2 }).method("tell").remote(), "abab");
  assert.deepEqual((await cls.hydrate()).parameters, [
    { name: "name", type: "str", hasDefault: false, default: undefined },
    { name: "times", type: "unknown", hasDefault: true, default: 1 },
    { name: "tags", type: "list", hasDefault: true, default: undefined },
  ]);
  await assert.rejects(cls.instance().method("tell").remote(), (error: Error) => {
    return error instanceof RemoteError && /missing 1 required positional argument: 'name'/.test(error.message);
  });
});

test("an enter hook that fails ends the calls that wait, with its traceback", async (t) => {
  const { harness } = await start(t);
  const call = harness.modal().classes.fromName("models", "Broken").instance().method("f").remote();
  await assert.rejects(call, (error: Error) => {
    return error instanceof RemoteError && /FileNotFoundError\('weights\.bin'\)/.test(error.message);
  });
});

test("exit hooks run when a container has nothing to do any more, and when its app is stopped", async (t) => {
  const { harness, journal } = await start(t);
  const modal = harness.modal();
  const cls = modal.classes.fromName("models", "Model");
  await cls.instance({ name: "idle" }).method("double").remote([1]);
  await until("the idle container has left", async () => (await journal()).includes("exit idle"));
  assert.deepEqual(await journal(), ["enter idle", "exit idle"]);
  await cls.instance({ name: "stopped" }).method("double").remote([1]);
  const { appId } = await modal.apps.lookup("models");
  await modal.apps.stop(appId);
  await until("the stopped container has left", async () => (await journal()).includes("exit stopped"));
  const goodbyes = async () => (await modal.logs.tail({ appId, searchText: "goodbye" })).map(({ text }) => text.trim());
  await until("both have said goodbye", async () => (await goodbyes()).length === 2);
  assert.deepEqual(await goodbyes(), ["goodbye from idle", "goodbye from stopped"]);
});

test("a minimum of containers begins at the deployment, of a class with parameters at an instance's first call", async (t) => {
  const { harness, journal } = await start(t);
  await harness.deploy(
    `import modal
app = modal.App("warm")
JOURNAL = ${JSON.stringify(join(harness.folder, "src", "journal"))}

def note(text):
    with open(JOURNAL, "a") as file: file.write(text + "\\n")

@app.cls(min_containers=1)
class Typed:
    name: str = modal.parameter()
    @modal.enter()
    def load(self): note(f"typed {self.name}")
    @modal.method()
    def f(self): pass

@app.cls(min_containers=1)
class Plain:
    @modal.enter()
    def load(self): note("plain")
`,
    "warm.py",
  );
  await until("the class without parameters has its container", async () => (await journal()).includes("plain"));
  await harness.modal().classes.fromName("warm", "Typed").instance({ name: "x" }).method("f").remote();
  assert.deepEqual((await journal()).sort(), ["plain", "typed x"]);
});

test("what is not there is named with what is", async (t) => {
  const { harness } = await start(t);
  const modal = harness.modal();
  const { classes } = modal;
  await assert.rejects(classes.lookup("models", "Missing"), (error: Error) => {
    return (
      error instanceof NotFoundError &&
      /has no class Missing; it has: hasty, through, Model\.describe/.test(error.message)
    );
  });
  const service = harness.service();
  const get = (objectTag: string) => service.functionGet({ appName: "models", objectTag });
  await assert.rejects(get("Model.double"), /function Model\.double: that is a method, so look up the class Model\./);
  await assert.rejects(get("Model.treble"), /has no method Model\.treble; Model has: describe, double/);
  const { functionId } = await get("Model.*");
  const map = (methodName: string) =>
    service.functionMap({ functionId, pipelinedInputs: [{ idx: 0, input: { methodName } }] });
  await assert.rejects(
    map("treble"),
    /Model has no method treble; it has: describe, double, say, upto, nested, sleep\./,
  );
  await assert.rejects(map(""), /Model is a class, so the input must name a method/);
  await assert.rejects(service.functionBindParams({ functionId, serializedParams: new Uint8Array([255]) }), {
    message: /The parameters of Model could not be read/,
  });
});
