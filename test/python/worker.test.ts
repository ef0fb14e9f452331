import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { decode, encode } from "cbor-x";
import { Project, Worker } from "./workerHarness.ts";

const SOURCE = `
import os, sys, threading, subprocess
import modal
from modal import current_input_id, current_function_call_id, is_local

app = modal.App("a")

class Unprintable(Exception):
    def __repr__(self): raise RuntimeError("no repr")
    __str__ = __repr__

class Plain: pass

def recurse(n): return recurse(n + 1)

ACTIONS = {
    "none": lambda: None,
    "5 MB": lambda: "x" * 5_000_000,
    "bytes": lambda: b"\\0" * 5_000_000,
    "where": lambda: [is_local(), current_input_id(), current_function_call_id()],
    "exit": lambda: sys.exit(4),
    "recurse": lambda: recurse(0),
    "unprintable": lambda: (_ for _ in ()).throw(Unprintable()),
    "plain": lambda: Plain(),
    "generator": lambda: (x for x in [1]),
    "stdin": lambda: sys.stdin.read() + os.read(0, 1).decode(),
    "huge message": lambda: (_ for _ in ()).throw(ValueError("y" * 5_000_000)),
    "surrogate": lambda: (_ for _ in ()).throw(ValueError("\\udc80")),
    "highest file of a child": lambda: int(subprocess.run(
        [sys.executable, "-c", "import os; print(max(map(int, os.listdir('/proc/self/fd'))))"],
        close_fds=False, capture_output=True).stdout),
    "closes": lambda: os.closerange(3, 4096),
    "closes all": lambda: os.closerange(0, 65536),
    "fork": lambda: fork(),
}

def fork():
    stream = sys.stderr
    child = os.fork()
    if child == 0:
        stream.write("through an old handle\\n")
        print("from the child")
        os._exit(0)
    return os.waitpid(child, 0)[1]

def cause():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise KeyError("wrapped") from error

@app.function()
def f(action="none"):
    return ACTIONS[action]()

@app.function()
def raises():
    cause()

@app.function()
async def coroutine(x):
    if x == "exit": sys.exit(1)
    return [x, current_input_id()]

@app.function()
def not_awaited():
    return coroutine.local(1)

@app.function()
@modal.batched(max_batch_size=4, wait_ms=10)
def double(xs: list, factor: list) -> list:
    assert len(xs) == 1
    return [x * by for x, by in zip(xs, factor)]
`;

let project: Project;
let worker: Worker;

before(async () => {
  project = await Project.create({ "code_file.py": SOURCE });
  worker = await Worker.start(project, "code_file.py", "f");
});

after(async () => {
  await worker[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

let inputs = 0;

async function run(action: unknown, on = worker) {
  const id = `in-${inputs++}`;
  on.sendInputs({ id, data: encode([[action], {}]) });
  const { header, payload } = await on.output(id);
  return { id, header, payload, exception: String(header.exception), traceback: String(header.traceback) };
}

test("an input without arguments calls the function without any", async () => {
  worker.sendInputs({ id: "in-empty" });
  const { header, payload } = await worker.output("in-empty");
  assert.equal(header.status, "SUCCESS");
  assert.equal(header.format, 4);
  assert.equal(decode(payload), null);
  assert.ok(Number(header.ended) >= Number(header.started));
});

test("an input in pickle is answered in pickle", async () => {
  worker.sendInputs({ id: "in-pickle", format: 1, data: Buffer.from("8004297d86942e", "hex") });
  const { header, payload } = await worker.output("in-pickle");
  assert.equal(header.format, 1);
  assert.equal(payload.toString("hex"), "80044e2e"); // None, as Modal pickles it
});

test("5 MB of text and of bytes come back whole", async () => {
  assert.equal((decode((await run("5 MB")).payload) as string).length, 5_000_000);
  assert.equal((decode((await run("bytes")).payload) as Uint8Array).length, 5_000_000);
});

test("the function knows where it runs", async () => {
  const { id, payload } = await run("where");
  assert.deepEqual(decode(payload), [false, id, "fc-1"]);
});

const failures: { action: string; exception: RegExp }[] = [
  { action: "exit", exception: /^SystemExit\(4\)$/ },
  { action: "recurse", exception: /^RecursionError\(/ },
  { action: "unprintable", exception: /^Unprintable\(<its repr raised RuntimeError>\)$/ },
  { action: "plain", exception: /^SerializationError\(.*code_file\.Plain cannot be encoded as CBOR/ },
  { action: "generator", exception: /^InvalidError\(.*f returns a generator, but is not a generator function/ },
  { action: "surrogate", exception: /^ValueError\('\\udc80'\)$/ },
];
for (const { action, exception: expected } of failures) {
  test(`"${action}" is an ordinary failure, and the worker goes on`, async () => {
    const { header, exception, payload } = await run(action);
    assert.equal(header.status, "FAILURE");
    assert.match(exception, expected);
    assert.equal(payload.length, 0);
    assert.equal((await run("none")).header.status, "SUCCESS");
  });
}

test("arguments that do not fit, or are no arguments, are failures", async () => {
  assert.match((await run("no such action")).exception, /^KeyError/);
  worker.sendInputs({ id: "in-wrong", data: encode([[1, 2, 3], {}]) });
  assert.match(String((await worker.output("in-wrong")).header.exception), /takes from 0 to 1 positional/);
  worker.sendInputs({ id: "in-garbage", data: Buffer.from("ff00", "hex") });
  assert.match(String((await worker.output("in-garbage")).header.exception), /^DeserializationError/);
  worker.sendInputs({ id: "in-pickle-garbage", format: 1, data: Buffer.from("garbage") });
  assert.match(String((await worker.output("in-pickle-garbage")).header.exception), /^DeserializationError/);
});

test("an exception of 5 MB is trimmed to 2 MiB", async () => {
  const { exception, traceback } = await run("huge message");
  for (const text of [exception, traceback]) {
    assert.ok(text.length <= 2 * 1024 * 1024 && text.length > 2_000_000, String(text.length));
    assert.match(text, /bytes left out/);
  }
});

test("user code has an empty standard input, and its subprocesses have not our pipes", async () => {
  assert.equal(decode((await run("stdin")).payload), "");
  assert.ok(decode((await run("highest file of a child")).payload) < 1_000);
});

test("a forked child prints to its container's log, not into our pipe", async () => {
  assert.equal(decode((await run("fork")).payload), 0);
  await worker.prints(/through an old handle\n/);
  await worker.prints(/from the child\n/);
});

test("code that closes what a daemon closes does not close our pipes", async () => {
  assert.equal((await run("closes")).header.status, "SUCCESS");
  assert.equal((await run("none")).header.status, "SUCCESS");
});

test("code that closes our pipes, too, ends its process in a way of its own", async () => {
  await using other = await Worker.start(project, "code_file.py", "f");
  other.sendInputs({ id: "in-closes", data: encode([["closes all"], {}]) });
  assert.equal(await other.exited, 76);
});

test("a traceback shows the cause and the user's frames only", async () => {
  await using other = await Worker.start(project, "code_file.py", "raises");
  other.sendInputs({ id: "in-1" }, { id: "in-2", format: 1 });
  const { header } = await other.output("in-1");
  const traceback = String(header.traceback);
  assert.equal(header.exception, "KeyError('wrapped')");
  assert.match(traceback, /ZeroDivisionError: division by zero\n\nThe above exception was the direct cause/);
  assert.deepEqual(
    [...traceback.matchAll(/File ".*\/(\w+\.py)", line \d+, in (\w+)/g)].map((match) => match.slice(1)),
    [
      ["code_file.py", "cause"],
      ["code_file.py", "raises"],
      ["code_file.py", "cause"],
    ],
  );
  assert.match((await other.output("in-2")).payload.toString("latin1"), /builtins.*KeyError.*wrapped/s);
});

test("async functions run, one after another", async () => {
  await using other = await Worker.start(project, "code_file.py", "coroutine");
  const first = await run(3, other);
  assert.deepEqual(decode(first.payload), [3, first.id]);
  assert.equal((await run("exit", other)).exception, "SystemExit(1)");
  const last = await run("x", other);
  assert.deepEqual(decode(last.payload), ["x", last.id]);
});

test("a coroutine that nobody awaits fails with a sentence", async () => {
  await using other = await Worker.start(project, "code_file.py", "not_awaited");
  other.sendInputs({ id: "in-1" });
  assert.match(String((await other.output("in-1")).header.exception), /returns a coroutine; make it `async def`/);
});

test("a batched function gets batches of one", async () => {
  await using other = await Worker.start(project, "code_file.py", "double");
  other.sendInputs({ id: "in-1", data: encode([[21], { factor: 2 }]) });
  assert.equal(decode((await other.output("in-1")).payload), 42);
});

test("what was deployed runs, though the file was edited or removed since", async () => {
  await using edited = await Project.create({
    "first.py": 'import modal, second\napp = modal.App("a")\n@app.function()\ndef f():\n    return second.fail()\n',
    "second.py": "def fail():\n    raise ValueError('deployed')\n",
  });
  await using other = await Worker.start(edited, "first.py", "f");
  // The snapshot is written by now; only the worker's own import could still see the files.
  for (const name of ["first.py", "second.py"]) await writeFile(edited.path(name), "raise RuntimeError('edited')\n");
  other.sendInputs({ id: "in-1" });
  const { header } = await other.output("in-1");
  assert.equal(header.exception, "ValueError('deployed')");
  assert.match(String(header.traceback), /raise ValueError\('deployed'\)/);
});

test("an import that fails only in a container is told with file and line", async () => {
  await using broken = await Project.create({
    "code_file.py":
      'import modal\napp = modal.App("a")\n@app.function()\ndef f(): pass\nif not modal.is_local():\n    raise RuntimeError("in the container")\n',
  });
  await using other = await Worker.start(broken, "code_file.py", "f");
  const { header } = await other.frame("failed", (frame) => frame.header.type === "failed");
  assert.equal(header.exception, "RuntimeError('in the container')");
  assert.equal(header.path, broken.path("code_file.py"));
  assert.equal(header.line, 6);
  assert.equal(await other.exited, 1);
});

test("stop lets the inputs that are there finish, and exits with 0", async () => {
  const other = await Worker.start(project, "code_file.py", "f");
  other.sendInputs({ id: "in-1" }, { id: "in-2" });
  other.send({ type: "stop" });
  assert.equal(await other.exited, 0);
  await other.output("in-1").then(() => other.output("in-2"));
});

test("the end of the engine's pipe ends the worker, also while it works", async () => {
  await using busy = await Project.create({
    "code_file.py":
      'import modal, time\napp = modal.App("a")\n@app.function()\ndef f():\n    print("here")\n    time.sleep(60)\n',
  });
  const other = await Worker.start(busy, "code_file.py", "f");
  other.sendInputs({ id: "in-1" });
  await other.frame("a log", ({ header }) => header.type === "log");
  other.hangUp();
  assert.equal(await other.exited, 0);
});
