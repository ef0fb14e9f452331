import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { InternalFailure } from "../../../src/client/index.ts";
import { collected, EngineHarness } from "../engineHarness.ts";

const skip = process.platform === "linux" ? false : "limits of memory are for Linux";

/** `take` holds what it has taken until it is ended. */
const source = `import os, subprocess, sys, time
import modal

app = modal.App("memory")
MIB = 2**20

def hold(mib):
    taken = b"x" * (mib * MIB)
    time.sleep(600)
    return len(taken)

@app.function(memory=(16, 100), max_containers=1)
def take(mib):
    return hold(mib) if mib else "done"

@app.function()
def unlimited(mib, gate=""):
    taken = b"x" * (mib * MIB)
    while gate and not os.path.exists(gate):
        time.sleep(0.01)
    return len(taken)

@app.function(memory=(16, 100))
def by_a_child(how):
    if how == "subprocess":
        subprocess.run([sys.executable, "-c", "import time; x = b'x' * 200 * 2**20; time.sleep(600)"])
    elif os.fork() == 0:
        hold(200)
    time.sleep(600)

@app.function(memory=(16, 300))
def shares():
    taken = b"x" * (150 * MIB)
    children = [os.fork() or time.sleep(2) or os._exit(0) for _ in range(3)]
    for child in children:
        os.waitpid(child, 0)
    return len(taken)

@app.function(memory=(16, 100), max_containers=1)
@modal.concurrent(max_inputs=2)
def beside(role, folder):
    def reach(step):
        open(f"{folder}/{step}", "a").close()
    def wait_for(step):
        while not os.path.exists(f"{folder}/{step}"):
            time.sleep(0.01)
    if role == "innocent":
        reach("innocent")
        wait_for("again")
    elif os.path.exists(f"{folder}/taken"):
        reach("again")
    else:
        wait_for("innocent")
        reach("taken")
        hold(200)
    return role

@app.cls()
class Holder:
    @modal.method()
    def take(self, mib): return hold(mib)

@app.function()
def with_options(mib):
    return Holder.with_options(memory=(16, 100))().take.remote(mib)
`;

const LIMIT =
  /^The container's Python process was ended because it used more than its 100 MiB of memory \(raise the limit in memory=\(request, limit\), or keep less in memory at a time\)\.$/;

test("a container that goes beyond its limit of memory ends, and what ran there fails and says so", {
  skip,
}, async (t) => {
  const harness = await EngineHarness.start(t);
  await harness.deploy(source);
  const modal = harness.modal();
  const named = (name: string) => modal.functions.fromName("memory", name);
  const failsAtItsLimit = (promise: Promise<unknown>) =>
    assert.rejects(promise, (error) => {
      assert.ok(error instanceof InternalFailure, String(error));
      assert.match(error.message, LIMIT);
      return true;
    });

  await t.test("what waits behind it runs elsewhere", async () => {
    const results = await collected(named("take").map([[0, 200, 0, 0]], { returnExceptions: true }));
    assert.deepEqual(
      results.map((result) => (result instanceof InternalFailure ? result.message.replace(LIMIT, "limit") : result)),
      ["done", "limit", "done", "done"],
    );
  });

  await t.test("what its children hold counts", async () => {
    await failsAtItsLimit(named("by_a_child").remote(["subprocess"]));
    await failsAtItsLimit(named("by_a_child").remote(["fork"]));
  });

  await t.test("what it shares with its children counts once", async () => {
    assert.equal(await named("shares").remote(), 150 * 2 ** 20);
  });

  await t.test("where several inputs ran it is not clear whose memory it was: they are tried again", async () => {
    const roles = ["hungry", "innocent"];
    const results = Promise.all(roles.map((role) => named("beside").remote([role, harness.folder])));
    assert.deepEqual(await results, roles);
  });

  await t.test("an instance of a class may have a limit of its own", async () => {
    await assert.rejects(named("with_options").remote([200]), /used more than its 100 MiB of memory/);
  });

  await t.test("functions without a limit take what they need", async () => {
    assert.equal(await named("unlimited").remote([150]), 150 * 2 ** 20);
  });
});

test("the engine's limit is for functions that name none, also while they are imported", { skip }, async (t) => {
  const harness = await EngineHarness.start(t, ["--memory-limit", "120"]);
  await harness.deploy(source);
  const named = (name: string) => harness.modal().functions.fromName("memory", name);
  const gate = `${harness.folder}/gate`;
  await assert.rejects(named("unlimited").remote([200, gate]), /used more than its 120 MiB of memory/);
  await writeFile(gate, "");
  assert.equal(await named("unlimited").remote([1, gate]), 2 ** 20);
  assert.equal(await named("shares").remote(), 150 * 2 ** 20, "it has a larger limit of its own");
  const hungry = `import time
import modal
app = modal.App("import")
if not modal.is_local():
    taken = b"x" * 200 * 2**20
    time.sleep(600)
@app.function()
def work(): pass
`;
  await harness.deploy(hungry, "hungry.py");
  const work = harness.modal().functions.fromName("import", "work");
  await assert.rejects(work.remote(), /The container could not start: .*more than its 120 MiB of memory/);
});
