import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  InternalFailure,
  LocalFunction,
  type LocalLog,
  ModalClient,
  type ModalFunction,
  RemoteError,
} from "../../src/client/index.ts";
import { collect, FakeModal, until } from "./fakeModal.ts";

const PYTHON = process.env.SPAWNPOINT_PYTHON ?? "python3";
const pythonFolder = join(import.meta.dirname, "../../src/python");
const LIMIT = { timeout: 60_000 };

const SOURCE = `import asyncio, os, subprocess, sys, time
import modal

app = modal.App("local-demo")
other = modal.App("other")

@app.function()
def echo(*args, **kwargs):
    return [list(args), kwargs]

@app.function(name="renamed")
def where():
    print("out")
    print("err", file=sys.stderr)
    subprocess.run([sys.executable, "-c", "print('child')"])
    return [os.getcwd(), __name__, modal.is_local(), sys.stdin.read()]

@app.function()
def fail(x):
    raise ValueError(f"no {x}")

@app.function()
async def later(x):
    await asyncio.sleep(0)
    return x + 1

@app.function()
def count(n, path=""):
    try:
        for i in range(n):
            yield i
    finally:
        if path:
            open(path, "w").close()

@app.function()
async def acount(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield {"i": i}
    raise KeyError("end")

@app.function()
def wait(path):
    open(path, "w").close()
    time.sleep(600)

@app.function()
def stubborn(path):
    while True:
        try:
            open(path, "w").close()
            time.sleep(600)
        except KeyboardInterrupt:
            pass

@app.function()
def die():
    os._exit(7)

@app.function()
def strange():
    return object()

@app.function()
def leave_child_behind():
    child = subprocess.Popen([sys.executable, "-c", "import time; print('background', flush=True); time.sleep(600)"])
    return child.pid

def make():
    @other.function(serialized=True)
    def inner(x):
        return -x
    return inner

inner = make()

class Base:
    @modal.method()
    def scaled(self, x):
        return x * self.factor + self.offset

@app.cls()
class Scale(Base):
    factor: int = modal.parameter(default=2)

    @modal.enter()
    def begin(self):
        self.offset = 100

    @modal.method()
    async def later(self, x):
        return [x, self.factor]

    @modal.method()
    def both(self, x):
        yield x
        yield self.scaled.local(x)

def plain():
    return 1

class Holder:
    def method(self):
        return 1
`;

let folder: string;
let modal: ModalClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spawnpoint-local-"));
  await writeFile(join(folder, "app.py"), SOURCE);
  // Nothing listens there: no server takes part.
  modal = new ModalClient({ url: "http://127.0.0.1:9", tokenId: "ak-1", tokenSecret: "as-1" });
});
after(async () => {
  modal.close();
  await rm(folder, { recursive: true });
});

function fromSource(qualname: string, more: { appName?: string; path?: string } = {}): ModalFunction {
  return modal.functions.fromSource({ path: join(folder, "app.py"), qualname, python: PYTHON, ...more });
}

test("local runs the function without a server and returns its value", LIMIT, async () => {
  const bytes = new Uint8Array([0, 255]);
  const args = [1, 2n ** 70n, -0.5, "gruß", null, true, bytes, [new Date(0)], new Map([[1, 2]])];
  assert.deepEqual(await fromSource("echo").local(args, { k: { a: 1 } }, { pythonFolder }), [args, { k: { a: 1 } }]);
  assert.deepEqual(await fromSource("echo").local([], {}, { pythonFolder }), [[], {}]);
});

test("an async function is awaited; one that a function made is found by its qualified name", LIMIT, async () => {
  assert.equal(await fromSource("later").local([6], {}, { pythonFolder }), 7);
  assert.equal(await fromSource("make.<locals>.inner", { appName: "other" }).local([6], {}, { pythonFolder }), -6);
});

test("a method runs on an instance with the given parameters, after the hooks of its class", LIMIT, async () => {
  const path = join(folder, "app.py");
  const method = (qualname: string, parameters: Record<string, unknown> = {}) =>
    modal.functions.fromSource({ path, qualname, python: PYTHON, parameters });
  assert.equal(await method("Scale.scaled").local([7], {}, { pythonFolder }), 114);
  assert.equal(await method("Scale.scaled", { factor: 3 }).local([7], {}, { pythonFolder }), 121);
  assert.deepEqual(await method("Scale.later").local([7], {}, { pythonFolder }), [7, 2]);
  assert.deepEqual(await collect(method("Scale.both").localGen([7], {}, { pythonFolder })), [7, 114]);
  await assert.rejects(method("Scale.scaled", { wrong: 3 }).local([7], {}, { pythonFolder }), (error) => {
    return error instanceof RemoteError && /wrong/.test(error.exception);
  });
});

test(
  "it runs in its file's folder, outside of any container, and its prints come before its value",
  LIMIT,
  async () => {
    const logs: LocalLog[] = [];
    const value = await fromSource("where").local([], {}, { pythonFolder, onLog: (log) => logs.push(log) });
    assert.deepEqual(value, [folder, "app", true, ""]);
    const text = (source: string) => logs.flatMap((log) => (log.source === source ? [log.text] : [])).join("");
    assert.deepEqual(text("stdout").split("\n").sort(), ["", "child", "out"]);
    assert.equal(text("stderr"), "err\n");
  },
);

test("what the function raises is a RemoteError with the user's part of the traceback", LIMIT, async () => {
  await assert.rejects(fromSource("fail").local(["luck"], {}, { pythonFolder }), (error) => {
    assert.ok(error instanceof RemoteError);
    assert.equal(error.exception, "ValueError('no luck')");
    assert.match(error.traceback, /^Traceback.*app\.py", line 20, in fail\n.*ValueError: no luck\n$/s);
    assert.doesNotMatch(error.traceback, /src\/python/);
    return true;
  });
  await assert.rejects(fromSource("echo").local([Symbol("x")], {}, { pythonFolder }), { name: "SerializationError" });
  await assert.rejects(fromSource("strange").local([], {}, { pythonFolder }), (error) => {
    return error instanceof RemoteError && /SerializationError.*object/.test(error.exception);
  });
});

test("a file that cannot be imported is told with its place", LIMIT, async () => {
  const path = join(folder, "broken.py");
  await writeFile(path, "import modal\nboom = 1 / 0\n");
  await assert.rejects(fromSource("f", { path }).local([], {}, { pythonFolder }), (error) => {
    return error instanceof RemoteError && /broken\.py", line 2/.test(error.traceback);
  });
});

test("localGen yields what a generator yields, sync or async, and then raises what it raises", LIMIT, async () => {
  assert.deepEqual(await collect(fromSource("count").localGen([3], {}, { pythonFolder })), [0, 1, 2]);
  assert.deepEqual(await collect(fromSource("count").localGen([0], {}, { pythonFolder })), []);
  const items: unknown[] = [];
  await assert.rejects(
    async () => {
      for await (const item of fromSource("acount").localGen([2], {}, { pythonFolder })) items.push(item);
    },
    (error) => error instanceof RemoteError && error.exception === "KeyError('end')",
  );
  assert.deepEqual(items, [{ i: 0 }, { i: 1 }]);
});

test("all items of a generator arrive, also when it is long done", LIMIT, async () => {
  const path = join(folder, "done");
  const items: unknown[] = [];
  for await (const item of fromSource("count").localGen([500, path], {}, { pythonFolder })) {
    if (items.push(item) === 1) await until(() => existsSync(path));
  }
  assert.deepEqual(
    items,
    Array.from({ length: 500 }, (_, index) => index),
  );
});

test("leaving the loop early ends the process, and the generator's finally runs", LIMIT, async () => {
  const path = join(folder, "left");
  for await (const item of fromSource("count").localGen([10 ** 9, path], {}, { pythonFolder })) {
    if (item === 3) break;
  }
  assert.ok(existsSync(path));
});

test("local and localGen refuse each other's functions before these run", LIMIT, async () => {
  await assert.rejects(fromSource("count").local([3], {}, { pythonFolder }), {
    name: "InvalidError",
    message: "count is a generator function, with many results a call; use localGen() instead.",
  });
  await assert.rejects(fromSource("die").localGen([], {}, { pythonFolder }).next(), {
    name: "InvalidError",
    message: "die is not a generator function; use local() instead.",
  });
});

test("an abort ends the process, whatever the function does, with the signal's reason", LIMIT, async () => {
  for (const name of ["wait", "stubborn"]) {
    const path = join(folder, name);
    const stop = new AbortController();
    const value = fromSource(name).local([path], {}, { pythonFolder, signal: stop.signal });
    value.catch(() => {});
    await until(() => existsSync(path));
    stop.abort(new Error("enough"));
    await assert.rejects(value, { message: "enough" });
  }
  const aborted = AbortSignal.abort(new Error("never begun"));
  await assert.rejects(fromSource("wait").local([join(folder, "no")], {}, { pythonFolder, signal: aborted }), {
    message: "never begun",
  });
  assert.equal(existsSync(join(folder, "no")), false);
});

test("a process that dies is an InternalFailure that says how", LIMIT, async () => {
  await assert.rejects(fromSource("die").local([], {}, { pythonFolder }), (error) => {
    return error instanceof InternalFailure && /ended with exit code 7 before the function did/.test(error.message);
  });
});

test("a process that the function leaves behind does not hold up its value", LIMIT, async () => {
  const pid = await fromSource("leave_child_behind").local([], {}, { pythonFolder, onLog: () => {} });
  assert.equal(typeof pid, "number");
  process.kill(pid as number, "SIGKILL");
});

test("what is not there is said in a sentence", LIMIT, async () => {
  const wrong: [ModalFunction, RegExp][] = [
    [fromSource("plain"), /^app\.py has no Modal function plain; it has: echo, where, fail,/],
    [fromSource("echo", { appName: "other" }), /has no Modal function echo; it has: make\.<locals>\.inner\.$/],
    [fromSource("echo", { path: join(folder, "no.py") }), /no\.py: there is no such file/],
    [fromSource("echo", { path: join(folder, "no/app.py") }), /There is no folder .*no; check the path/],
    [
      modal.functions.fromSource({ path: join(folder, "app.py"), qualname: "echo", python: "no-such-python" }),
      /^no-such-python cannot be started; name another interpreter/,
    ],
  ];
  for (const [fn, message] of wrong) {
    await assert.rejects(fn.local([], {}, { pythonFolder }), { name: "InvalidError", message });
  }
  await assert.rejects(fromSource("echo").local([]), { name: "InvalidError", message: /pythonFolder/ });
  await assert.rejects(fromSource("echo").remote([1]), {
    name: "InvalidError",
    message: /give fromSource the appName/,
  });
});

test("a function with an app's name is also called on the server", LIMIT, async () => {
  await using server = await FakeModal.start();
  const place = { path: join(folder, "app.py"), qualname: "where", appName: "local-demo", name: "renamed" };
  assert.equal(await server.client().functions.fromSource(place).remote([3]), 9);
  const [{ request } = assert.fail()] = server.requests("functionGet");
  assert.deepEqual([request.appName, request.objectTag], ["local-demo", "renamed"]);
});

test("getRawF tells the definition's lines and text, without running the file", LIMIT, async () => {
  const path = join(folder, "unfit.py");
  await writeFile(
    path,
    "import no_such_module\n\n@decorated\n@twice(\n    1\n)\nasync def f(x):\n    return 'ä'\n\nf()\n",
  );
  const fn = fromSource("f", { path });
  const text = "@decorated\n@twice(\n    1\n)\nasync def f(x):\n    return 'ä'";
  assert.deepEqual(await fn.getRawF({ pythonFolder }), { path, line: 3, endLine: 8, qualname: "f", text });

  const lines = (await readFile(join(folder, "app.py"), "utf8")).split("\n");
  for (const qualname of ["make.<locals>.inner", "Holder.method"]) {
    const { line, endLine, text } = await fromSource(qualname).getRawF({ pythonFolder });
    assert.equal(text, lines.slice(line - 1, endLine).join("\n"));
    assert.match(text, /def (inner|method)\(/);
  }
  await assert.rejects(fromSource("nothing").getRawF({ pythonFolder }), { message: /has no function nothing/ });
});

test("a server that does not know sources says how to give one", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  for (const attempt of [fn.local([1], {}, { pythonFolder }), fn.getRawF({ pythonFolder })]) {
    await assert.rejects(attempt, { name: "InvalidError", message: /functions\.fromSource\(\{ path, qualname \}\)/ });
  }
});

test("a function that is known by its file alone runs, and tells its definition", LIMIT, async () => {
  const path = join(folder, "app.py");
  const echo = new LocalFunction({ path, qualname: "echo", python: PYTHON });
  const answers = await collect(echo.run([1], { k: 2 }, { pythonFolder }));
  assert.deepEqual(answers, [{ isItem: false, value: [[1], { k: 2 }] }]);
  const plain = new LocalFunction({ path, qualname: "plain", python: PYTHON });
  assert.match((await plain.getRawF({ pythonFolder })).text, /^def plain\(\):/);
});
