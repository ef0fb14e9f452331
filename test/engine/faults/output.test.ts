import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collected, EngineHarness, until } from "../engineHarness.ts";

const MIB = 1024 * 1024;
const LIMIT_MIB = 4;

const source = `import ctypes, os, signal, subprocess, sys, time
import modal

app = modal.App("output")

@app.function()
def floods(how):
    line = b"x" * 1023 + b"\\n"
    for _ in range(100):
        if how == "print":
            print((line * 1024).decode(), end="")
        elif how == "lines":
            for _ in range(1024):
                print("x" * 1023)
        elif how == "descriptor":
            for _ in range(16):
                os.write(1, line * 64)
    return how

@app.function()
def long_line(size):
    print("y" * size + "end")

@app.function(timeout=1)
def last_words(how):
    print("a line")
    print("last words", end="")
    sys.stderr.write("and an error")
    if how == "exit":
        os._exit(3)
    if how == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if how == "crash":
        ctypes.string_at(0)
    time.sleep(600)

@app.function()
def forks():
    print("before, ", end="")
    pid = os.fork()
    print("parent" if pid else "child")
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)

@app.function()
def half_a_character():
    sys.stdout.buffer.write("é".encode()[:1])
    sys.stdout.flush()
    print()
    os.write(2, "é".encode()[:1])
`;

/** The most memory that a process ever had. */
async function peakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}

test("what functions print is bounded, and says so", async (t) => {
  const harness = await EngineHarness.start(t, ["--output-limit", String(LIMIT_MIB)]);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("output", name);
  const { appId } = await modal.apps.lookup("output");
  const text = async (filter: { functionCallId?: string }) =>
    (await collected(modal.logs.stream({ appId, ...filter }))).map((entry) => entry.text).join("");

  for (const how of ["print", "lines"]) {
    await t.test(`100 MiB by ${how}: the first part is kept, and the engine stays small`, async () => {
      const before = await peakBytes(harness.ready.pid);
      const call = await named("floods").spawn([how]);
      assert.equal(await call.get(), how);
      const printed = await text({ functionCallId: call.functionCallId });
      assert.match(printed.slice(-100), /no more of this is kept: it printed 4194304 bytes/);
      assert.ok(printed.length > LIMIT_MIB * MIB && printed.length < LIMIT_MIB * MIB + 100, `${printed.length}`);
      const grown = (await peakBytes(harness.ready.pid)) - before;
      assert.ok(grown < 100 * MIB, `the engine grew by ${Math.round(grown / MIB)} MiB`);
    });
  }

  await t.test("100 MiB past our streams count for the container", async () => {
    const before = await peakBytes(harness.ready.pid);
    assert.equal(await named("floods").remote(["descriptor"]), "descriptor");
    const withoutInput = async () =>
      (await collected(modal.logs.stream({ appId }))).filter(({ inputId }) => !inputId).map((entry) => entry.text);
    await until("the note is there", async () => (await withoutInput()).join("").includes("no more of this is kept"));
    assert.ok((await withoutInput()).join("").length < 3 * LIMIT_MIB * MIB);
    const grown = (await peakBytes(harness.ready.pid)) - before;
    assert.ok(grown < 100 * MIB, `the engine grew by ${Math.round(grown / MIB)} MiB`);
  });

  await t.test("one line of 3 MB is whole, and one of 10 MB is cut at the limit and says so", async () => {
    const call = await named("long_line").spawn([3_000_000]);
    await call.get();
    assert.equal(await text({ functionCallId: call.functionCallId }), `${"y".repeat(3_000_000)}end\n`);
    const longer = await named("long_line").spawn([10_000_000]);
    await longer.get();
    const cut = await text({ functionCallId: longer.functionCallId });
    assert.ok(cut.startsWith("y".repeat(LIMIT_MIB * MIB)));
    assert.match(cut.slice(LIMIT_MIB * MIB), /^\n… \(no more of this is kept: it printed 4194304 bytes\)\n$/);
  });

  for (const { how, tries, ends } of [
    { how: "exit", tries: 3, ends: /exit code 3/ },
    { how: "kill", tries: 3, ends: /SIGKILL/ },
    { how: "crash", tries: 3, ends: /SIGSEGV/ },
    { how: "timeout", tries: 1, ends: /longer than the function's timeout/ },
  ]) {
    await t.test(`what is neither flushed nor ended with a newline arrives, when the end is by ${how}`, async () => {
      const call = await named("last_words").spawn([how]);
      await assert.rejects(call.get(), ends);
      const printed = async (wanted: string) => {
        const entries = await collected(modal.logs.stream({ appId, functionCallId: call.functionCallId }));
        return entries.flatMap(({ source: stream, text: piece }) => (stream === wanted ? piece : [])).join("");
      };
      const [lines, errors] = ["a line\nlast words".repeat(tries), "and an error".repeat(tries)];
      // A timeout ends the input, and then its container.
      await until("all is there", async () => (await printed("stderr")).length >= errors.length);
      assert.equal(await printed("stdout"), lines);
      assert.equal(await printed("stderr"), errors);
    });
  }

  await t.test("of a function that forks, both print, and what was begun before is printed once", async () => {
    const call = await named("forks").spawn();
    await call.get();
    assert.equal(await text({ functionCallId: call.functionCallId }), "before, parent\n");
    // It may come before the parent's, and so behind a line of another test that has no end.
    await until("the child's line is there", async () => (await text({})).includes("child\n"));
    assert.equal((await text({})).split("before").length - 1, 1);
  });

  await t.test("half a character is shown as one that cannot be read", async () => {
    const call = await named("half_a_character").spawn();
    await call.get();
    assert.match(await text({ functionCallId: call.functionCallId }), /\uFFFD\n/);
  });
});
