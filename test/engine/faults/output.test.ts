import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { collected, EngineHarness, until } from "../engineHarness.ts";

const MIB = 1024 * 1024;
const LIMIT_MIB = 4;

const source = `import os, subprocess, sys
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
def long_line():
    print("y" * 3_000_000 + "end")

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

  await t.test("one line of 3 MB is whole", async () => {
    const call = await named("long_line").spawn();
    await call.get();
    const printed = await text({ functionCallId: call.functionCallId });
    assert.equal(printed, `${"y".repeat(3_000_000)}end\n`);
  });

  await t.test("half a character is shown as one that cannot be read", async () => {
    const call = await named("half_a_character").spawn();
    await call.get();
    assert.match(await text({ functionCallId: call.functionCallId }), /\uFFFD\n/);
  });
});
