import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DeployFailureSchema } from "../../src/proto/gen/engine_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { EngineHarness, until } from "./engineHarness.ts";

const app = (body: string) => `import modal

app = modal.App("shop")

${body}
`;

const answering = (text: string) => app(`@app.function()\ndef answer():\n    return "${text}"\n`);

test("deploying files", async (t) => {
  const harness = await EngineHarness.start(t);
  const modal = harness.modal();
  const answer = () => modal.functions.fromName("shop", "answer").remote();
  const taskIds = async () => (await modal.containers.list()).map(({ taskId }) => taskId);

  await t.test("an app is there with its functions and their places", async () => {
    const { apps } = await harness.deploy(answering("one"));
    assert.equal(apps.length, 1);
    assert.equal(apps[0]?.version, 1);
    assert.equal(apps[0]?.unchanged, false);
    const [fn] = apps[0]?.functions ?? [];
    assert.equal(fn?.source?.path, `${harness.folder}/src/app.py`);
    assert.equal(fn?.source?.line, 5);
    assert.equal(await answer(), "one");
    const { text, qualifiedName } = await harness.engine().getFunctionSource({ functionId: fn?.functionId ?? "" });
    assert.equal(text, '@app.function()\ndef answer():\n    return "one"');
    assert.equal(qualifiedName, "answer");
    const [listed] = await modal.apps.list();
    assert.deepEqual([listed?.name, listed?.state], ["shop", "DEPLOYED"]);
    const layout = await modal.apps.layout(apps[0]?.appId ?? "");
    assert.deepEqual(
      layout.map(({ name, functionId }) => [name, functionId]),
      [["answer", fn?.functionId]],
    );
  });

  await t.test("the same file again changes nothing, and its containers go on", async () => {
    const before = await taskIds();
    assert.equal((await harness.deploy(answering("one"))).apps[0]?.unchanged, true);
    assert.equal(await answer(), "one");
    assert.deepEqual(await taskIds(), before);
  });

  await t.test("editing the file does not change what is deployed, also for new containers", async () => {
    await harness.write("app.py", answering("edited"));
    for (const { taskId } of await modal.containers.list()) await harness.service().containerStop({ taskId });
    assert.equal(await answer(), "one");
  });

  for (const [what, source, failure] of [
    ["a syntax error", app("def broken(:\n    pass"), { line: 5, message: /invalid syntax|parameter/ }],
    ["an import that is not there", `import modal\nimport no_such_module\n`, { line: 2, message: /no_such_module/ }],
    ["an exception", app("raise ValueError('too early')"), { line: 5, message: /too early/ }],
    ["no app", "import modal\n", { line: 0, message: /app/i }],
  ] as const) {
    await t.test(`${what} is told with its place, and what was deployed stays`, async () => {
      await assert.rejects(harness.deploy(source), (error) => {
        assert.ok(error instanceof RpcError);
        assert.equal(error.code, RpcStatus.INVALID_ARGUMENT);
        const detail = error.detail(DeployFailureSchema);
        assert.equal(detail?.path, `${harness.folder}/src/app.py`);
        assert.equal(detail?.line, failure.line);
        assert.match(detail?.message ?? "", failure.message);
        assert.match(error.message, /app\.py/);
        return true;
      });
      assert.equal(await answer(), "one");
      assert.equal((await modal.apps.list()).length, 1);
    });
  }

  await t.test("two apps in one file are both deployed", async () => {
    const two = `import modal\na = modal.App("first")\nb = modal.App("second")\n${["a", "b"]
      .map((name) => `@${name}.function()\ndef which_${name}():\n    return "${name}"\n`)
      .join("\n")}`;
    const { apps } = await harness.deploy(two, "two.py");
    assert.deepEqual(apps.map(({ name }) => name).sort(), ["first", "second"]);
    assert.equal(await modal.functions.fromName("first", "which_a").remote(), "a");
    assert.equal(await modal.functions.fromName("second", "which_b").remote(), "b");
  });

  await t.test("a module beside the file is part of what is deployed", async () => {
    await harness.write("prices.py", "PRICE = 5\n");
    const source = app("import prices\n@app.function()\ndef answer():\n    return prices.PRICE\n");
    await harness.deploy(source);
    await harness.write("prices.py", "PRICE = 6\n");
    assert.equal(await answer(), 5);
    assert.equal((await harness.deploy(source)).apps[0]?.unchanged, false);
    assert.equal(await answer(), 6);
  });

  await t.test("a file that is not imported is not part of it: when it changes, nothing does", async () => {
    const source = app("import prices\n@app.function()\ndef answer():\n    return prices.PRICE\n");
    await harness.deploy(source);
    assert.equal(await answer(), 6);
    const before = await taskIds();
    const [{ version } = { version: 0 }] = (await harness.deploy(source)).apps;
    await harness.write("notes.py", "PRICE = 7\n");
    await harness.write("notes.txt", "7");
    const [again] = (await harness.deploy(source)).apps;
    assert.deepEqual([again?.unchanged, again?.version], [true, version]);
    assert.equal(await answer(), 6);
    assert.deepEqual(await taskIds(), before);
  });

  await t.test("what waits when a version is superseded runs on the next one", async () => {
    const slow = (version: number) =>
      app(`import os, time
@app.function(max_containers=1)
def answer(path):
    while not os.path.exists(path):
        time.sleep(0.01)
    return ${version}
`);
    await harness.deploy(slow(1));
    const path = `${harness.folder}/further`;
    const calls = [];
    const stats = () => modal.functions.fromName("shop", "answer").getCurrentStats();
    calls.push(await modal.functions.fromName("shop", "answer").spawn([path]));
    await until("it runs", async () => (await stats()).numRunningInputs === 1);
    calls.push(await modal.functions.fromName("shop", "answer").spawn([path]));
    await harness.deploy(slow(2));
    await harness.write("../further", "");
    assert.deepEqual(await Promise.all(calls.map((call) => call.get())), [1, 2]);
  });

  await t.test("a version that is superseded while its container starts never comes to its enter hooks", async () => {
    const notes = `${harness.folder}/notes`;
    const go = `${harness.folder}/start`;
    const starting = (version: number, wait: string) =>
      app(`import os, time

def note(what):
    with open(${JSON.stringify(notes)}, "a") as file:
        file.write(f"{what} ${version} {os.getpid()}\\n")

if not modal.is_local():
    note("imports")
    while ${wait}:
        time.sleep(0.01)

@app.cls(min_containers=1, max_containers=1)
class Answers:
    @modal.enter()
    def load(self):
        note("enters")

    @modal.method()
    def answer(self):
        return ${version}
`);
    const noted = async () => {
      const lines = (await readFile(notes, "utf8").catch(() => "")).split("\n").filter(Boolean);
      return lines.map((line) => line.split(" "));
    };
    await harness.deploy(starting(1, `not os.path.exists(${JSON.stringify(go)})`));
    await until("its container imports", async () => (await noted()).length === 1);
    await harness.deploy(starting(2, "False"));
    const answers = modal.classes.fromName("shop", "Answers").instance().method("answer");
    assert.equal(await answers.remote(), 2);
    const old = Number((await noted())[0]?.[2]);
    await harness.write("../start", "");
    await until("the old one is gone", async () => !(await harness.pythonProcesses()).includes(old));
    assert.deepEqual(
      (await noted()).map(([what, version]) => `${what} ${version}`),
      ["imports 1", "imports 2", "enters 2"],
    );
  });

  await t.test("calls that run finish on their version; the next ones run on the new one", async () => {
    const slow = (version: number) =>
      app(`import os, time
@app.function(max_containers=1)
def answer(path=None):
    while path and not os.path.exists(path):
        time.sleep(0.01)
    return ${version}
`);
    await harness.deploy(slow(1));
    const path = `${harness.folder}/go`;
    const running = await modal.functions.fromName("shop", "answer").spawn([path]);
    const stats = () => modal.functions.fromName("shop", "answer").getCurrentStats();
    await until("it runs", async () => (await stats()).numRunningInputs === 1);
    await harness.deploy(slow(2));
    assert.equal(await answer(), 2);
    await harness.write("../go", "");
    assert.equal(await running.get(), 1);
    const history = await modal.apps.history((await running.hydrate()).appId);
    assert.deepEqual([history[0]?.isCurrent, history.at(-1)?.version], [true, 1]);
  });

  await t.test("an interpreter that is not there is said, and so is a path that is not absolute", async () => {
    const path = await harness.write("app.py", answering("one"));
    await assert.rejects(harness.engine().deploy({ path, python: "/no/such/python" }), /\/no\/such\/python/);
    await assert.rejects(harness.engine().deploy({ path: "app.py" }), /not absolute/);
    await assert.rejects(harness.engine().deploy({ path: `${path}.gone` }), /app\.py\.gone/);
  });
});
