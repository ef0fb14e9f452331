import assert from "node:assert/strict";
import { test } from "node:test";
import { InternalFailure, RemoteError } from "../../../src/client/index.ts";
import { collected, EngineHarness, until } from "../engineHarness.ts";

/** Functions that nobody should write, and everybody once does. */
const source = `import os, signal, subprocess, sys, time
import modal

app = modal.App("bad")

@app.function(timeout=1, startup_timeout=60)
def deaf():
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        try:
            time.sleep(600)
        except BaseException:
            pass

@app.function()
def forks():
    pid = os.fork()
    if pid == 0:
        time.sleep(600)
        os._exit(0)
    return pid

@app.function()
def forks_and_returns_twice():
    pid = os.fork()
    return pid

@app.function(max_containers=1)
def closes(first, end):
    os.closerange(first, end)
    return "closed"

@app.function(max_containers=1)
def exhausts(size):
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2**31, resource.RLIM_INFINITY))
    return len(b"x" * size)

@app.function()
def is_killed():
    os.kill(os.getpid(), signal.SIGKILL)

@app.function(max_containers=1)
def prints_after_closing():
    os.close(1)
    os.close(2)
    print("still here")
    return "printed"

@app.function()
def leaves():
    os._exit(3)

@app.function()
def exits(kind):
    if kind == "exit":
        sys.exit("enough")
    if kind == "interrupt":
        raise KeyboardInterrupt
    raise Unkind("base")

class Unkind(BaseException):
    def __repr__(self):
        raise RuntimeError("no repr")

    __str__ = __repr__

@app.function()
def unserializable(kind):
    if kind == "lambda":
        return lambda: None
    if kind == "cycle":
        cycle = []
        cycle.append(cycle)
        return cycle
    return Hostile()

class Hostile:
    def __reduce__(self):
        raise RuntimeError("not me")

    __getstate__ = __reduce__

@app.function()
def recurses(depth):
    return recurses.local(depth + 1)

@app.function()
def nests(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value

@app.function(max_containers=1)
def takes_over(what):
    def hook(*_):
        os._exit(9)
    if what == "excepthook":
        sys.excepthook = hook
        raise ValueError("hooked")
    if what == "stdout":
        sys.stdout = sys.stderr = None
    if what == "closed":
        sys.stdout.close()
    if what == "write":
        sys.stdout.write = None
    return what

@app.function(max_containers=1)
def nested_map(depth):
    return 1 + sum(nested_map.map([depth - 1, depth - 1])) if depth else 1

@app.function()
def fine():
    return "fine"
`;

test("functions that behave badly harm nobody but themselves", async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("bad", name);
  const raises = (name: string, args: unknown[], exception: RegExp) =>
    assert.rejects(named(name).remote(args), (error) => {
      assert.ok(error instanceof RemoteError, String(error));
      assert.match(error.exception, exception);
      return true;
    });

  await t.test("one that ignores every signal ends with its timeout", async () => {
    await assert.rejects(named("deaf").remote(), { name: "FunctionTimeoutError" });
    await until("its container is gone", async () => (await named("deaf").getCurrentStats()).numTotalRunners === 0);
  });

  await t.test("a child that it forked does not keep the container, and ends with it", async () => {
    const pid = Number(await named("forks").remote());
    assert.ok((await harness.pythonProcesses()).includes(pid));
    for (const { taskId } of await modal.containers.list()) await modal.containers.stop(taskId);
    await until("the child is gone", async () => !(await harness.pythonProcesses()).includes(pid));
  });

  await t.test("one that forks and returns in both processes has one result", async () => {
    assert.ok(Number(await named("forks_and_returns_twice").remote()) > 0);
    assert.ok(Number(await named("forks_and_returns_twice").remote()) > 0);
  });

  await t.test("one that closes its standard descriptors returns, again and again", async () => {
    assert.equal(await named("closes").remote([0, 3]), "closed");
    assert.equal(await named("closes").remote([0, 3]), "closed");
  });

  await t.test("one that closes what a daemon closes returns, again and again", async () => {
    for (const end of [21, 256, 4096]) assert.equal(await named("closes").remote([0, end]), "closed");
  });

  await t.test("one that closes its way to the engine, too, fails and says why", async () => {
    await assert.rejects(named("closes").remote([0, 65_536]), (error) => {
      assert.ok(error instanceof InternalFailure);
      assert.match(error.message, /ended because user code closed its connection to us.*, 3 times\.$/);
      return true;
    });
    assert.equal(await named("closes").remote([0, 3]), "closed");
  });

  await t.test("one that reaches a limit of memory fails, and its container serves the next", async () => {
    await raises("exhausts", [2 ** 32], /^MemoryError\(\)$/);
    assert.equal(await named("exhausts").remote([1000]), 1000);
  });

  await t.test("one that the system kills for its memory is an internal failure that says so", async () => {
    await assert.rejects(named("is_killed").remote(), (error) => {
      assert.ok(error instanceof InternalFailure);
      assert.match(error.message, /was killed by SIGKILL, 3 times/);
      return true;
    });
  });

  await t.test("one that closes its output can still print", async () => {
    const call = await named("prints_after_closing").spawn();
    assert.equal(await call.get(), "printed");
    const { appId } = await call.hydrate();
    const logs = await collected(modal.logs.stream({ appId, functionCallId: call.functionCallId }));
    assert.deepEqual(logs.map(({ text }) => text).join(""), "still here\n");
  });

  await t.test("os._exit is an internal failure that says how the process ended", async () => {
    await assert.rejects(named("leaves").remote(), (error) => {
      assert.ok(error instanceof InternalFailure);
      assert.match(error.message, /ended with exit code 3, 3 times/);
      return true;
    });
  });

  await t.test("SystemExit, KeyboardInterrupt and other exceptions are its failure, also without a text", async () => {
    await raises("exits", ["exit"], /^SystemExit\('enough'\)$/);
    await raises("exits", ["interrupt"], /^KeyboardInterrupt\(\)$/);
    await raises("exits", ["base"], /^Unkind\(<its repr raised RuntimeError>\)$/);
  });

  await t.test("what cannot be serialized is its failure", async () => {
    await raises("unserializable", ["lambda"], /^SerializationError/);
    await raises("unserializable", ["cycle"], /^(SerializationError|RecursionError)/);
    await raises("unserializable", ["object"], /^SerializationError/);
  });

  await t.test("recursion ends at Python's limit", async () => {
    await raises("recurses", [0], /^RecursionError/);
    await raises("nests", [100_000], /^(SerializationError|RecursionError)/);
  });

  for (const what of ["excepthook", "stdout", "closed", "write"]) {
    await t.test(`taking over ${what} does not keep its container from the next input`, async () => {
      for (const { taskId } of await modal.containers.list()) await modal.containers.stop(taskId);
      if (what === "excepthook") await raises("takes_over", [what], /ValueError\('hooked'\)/);
      else assert.equal(await named("takes_over").remote([what]), what);
      assert.equal(await named("takes_over").remote(["nothing"]), "nothing");
    });
  }

  await t.test("a nested map of a function with one container comes to its end", async () => {
    assert.equal(await named("nested_map").remote([3]), 15);
  });

  await t.test("and others are served as before", async () => assert.equal(await named("fine").remote(), "fine"));
});
