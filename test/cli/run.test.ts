import assert from "node:assert/strict";
import { readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ModalClient } from "../../src/client/index.ts";
import { findEngine } from "../../src/targets/engineProcess.ts";
import { CommandLine } from "./commandLine.ts";

const APP = `
from __future__ import annotations
import asyncio, modal, os, sys, time
from datetime import datetime
from typing import Literal, Optional

app = modal.App("shop")

@app.function()
def square(x: int = 3):
    print(f"squaring {x}")
    return x * x

@app.function()
def wait_for(path: str):
    print("waiting", flush=True)
    while not os.path.exists(path):
        time.sleep(0.02)
    open(path + ".done", "w").close()
    return "found"

@app.function()
def fail():
    raise ValueError("no")

@app.function()
def numbers():
    yield 1

@app.cls()
class Scale:
    factor: int = modal.parameter(default=2)

    @modal.method()
    def times(self, x: int):
        return str(self.factor * x)

@app.local_entrypoint()
def main(n: int, half: float = 0.5, loud: bool = False, at: Optional[datetime] = None, mode: Literal["a", "b"] = "a"):
    print([n, half, loud, at and at.isoformat(), mode, modal.is_local(), modal.current_input_id(), os.getcwd()])
    print([square.remote(n), list(square.map([1, 2])), Scale(factor=5).times.remote(n), os.path.basename(__file__)])

@app.local_entrypoint()
async def later():
    print(await square.remote.aio(6))

@app.local_entrypoint()
def words(*args):
    print(args)

@app.local_entrypoint()
def wait(path: str):
    wait_for.remote(path)

@app.local_entrypoint()
def outlive(path: str):
    call = wait_for.spawn(path)
    print("spawned")
    print(call.get(), square.remote(5))

if __name__ == "__main__":
    with app.run() as running:
        print(sys.argv, running is app, app.app_id[:3], square.remote(8), list(square.map([1])))
    print(app.app_id)
    with app.run():
        print(square.remote(9))
    sys.exit(3)
`;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
  await cli.file("shop.py", APP);
});
after(() => cli[Symbol.asyncDispose]());

async function modal(): Promise<ModalClient> {
  const address = await findEngine(cli.dataFolder);
  assert.ok(address, "an engine runs");
  return new ModalClient(address);
}

async function states(): Promise<string[]> {
  const client = await modal();
  try {
    return (await client.apps.list()).map(({ name, state }) => `${name} ${state}`);
  } finally {
    client.close();
  }
}

async function until(name: string, condition: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = Date.now() + 60_000; !(await condition()); await delay(50)) {
    if (Date.now() > giveUpAt) throw new Error(`Waited in vain until ${name}: ${await states()}`);
  }
}

/** The last of all apps that were ever started is over, and so are the others. */
async function allStopped(): Promise<boolean> {
  return (await states()).every((state) => state.endsWith(" STOPPED"));
}

test("a local entrypoint takes arguments by its signature, and calls functions of an app that lives as long", async () => {
  const args = ["--n", "4", "--loud", "--at", "2026-03-01T05:00:00", "--mode", "b"];
  const { code, stdout, stderr } = await cli.run(["run", "shop.py::main", ...args]);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
  const lines = stdout.trim().split("\n");
  const given = `[4, 0.5, True, '2026-03-01T05:00:00', 'b', True, None, '${cli.folder}']`;
  assert.ok(lines.includes(given), stdout);
  assert.ok(lines.includes("[16, [1, 4], '20', 'shop.py']"), stdout);
  for (const x of [4, 1, 2]) assert.ok(lines.includes(`squaring ${x}`), stdout);
  assert.deepEqual(await states(), ["shop STOPPED"]);
});

test("async entrypoints, functions, methods of instances and *args run by name, also with the app's variable", async () => {
  assert.equal((await cli.run(["run", "shop.py::later"])).stdout.split("\n").sort().join(), ",36,squaring 6");
  assert.equal((await cli.run(["run", "shop.py::app.square"])).stdout, "squaring 3\n");
  const written = join(cli.folder, "result.txt");
  await cli.run(["run", "-w", written, "shop.py::Scale.times", "--x", "4", "--factor", "3"]);
  assert.equal(await readFile(written, "utf8"), "12");
  const words = await cli.run(["run", "shop.py::words", "--data", "x", "--", "-y"]);
  assert.equal(words.stdout, "('--data', 'x', '--', '-y')\n");
});

/** The others are in test/python/run_test.py. */
const REFUSED: readonly (readonly [args: string[], sentence: RegExp])[] = [
  [["shop.py"], /^shop\.py has several things to run; name one, such as shop\.py::main, of: main, .*Scale\.times\.\n$/],
  [["shop.py::main"], /: --n; `spawnpoint run shop\.py::main --help` shows what there is\.\n$/],
  [["shop.py::numbers"], /^numbers is a generator function; run it from a local entrypoint, .*\n$/],
  [["missing.py"], /^missing\.py: there is no such file in .*\n$/],
];

for (const [args, sentence] of REFUSED) {
  test(`run ${args.join(" ")} is refused in one sentence`, async () => {
    const { code, stderr } = await cli.run(["run", ...args]);
    assert.match(stderr, sentence);
    assert.equal(code, 2);
  });
}

test("a function's failure is Python's traceback and exit code 1", async () => {
  const { code, stderr } = await cli.run(["run", "shop.py::fail"]);
  assert.match(stderr, /Traceback.*shop\.py", line \d+, in fail\n.*ValueError: no\n$/s);
  assert.equal(code, 1);
  assert.ok(await allStopped());
});

test("a script runs its app as often as it says, and ends with its own exit code", async () => {
  const { code, stdout, stderr } = await cli.run(["python", "shop.py", "one", "--data", "two"]);
  const lines = stdout.split("\n").filter((line) => !line.startsWith("squaring"));
  assert.deepEqual(lines, ["['shop.py', 'one', '--data', 'two'] True ap- 64 [1]", "None", "81", ""], stderr);
  assert.equal(code, 3);
  assert.ok(await allStopped());
});

test("classes of a script's own go to containers and come back as what they are", async () => {
  await cli.file(
    "points.py",
    `import modal
app = modal.App()

class Point:
    def __init__(self, x): self.x = x

@app.function()
def moved(point): return Point(point.x + 1)

if __name__ == "__main__":
    with app.run():
        point = moved.remote(Point(1))
        print(isinstance(point, Point), point.x, app.name)
`,
  );
  const { stdout, stderr } = await cli.run(["python", "points.py"]);
  assert.deepEqual({ stdout, stderr }, { stdout: "True 2 points\n", stderr: "" });
});

test("dicts and queues are the same in a script and in the containers of its app", async () => {
  await cli.file(
    "sharing.py",
    `import asyncio
import modal
from queue import Empty
app = modal.App()
state = modal.Dict.from_name("state", create_if_missing=True)

@app.function()
def fill(queue, n):
    queue.put_many(list(range(n)))
    state["filled"] = n

async def lose_patience(queue):
    try:
        await asyncio.wait_for(queue.get.aio(), 0.05)
    except asyncio.TimeoutError:
        queue.put("not taken by who went away")

if __name__ == "__main__":
    with app.run(), modal.Queue.ephemeral() as queue:
        fill.remote(queue, 3)
        print(queue.get_many(5), dict(state.items()))
        try:
            queue.get(timeout=0)
        except Empty:
            print("empty")
        asyncio.run(lose_patience(queue))
        print(queue.get())
`,
  );
  const { stdout, stderr } = await cli.run(["python", "sharing.py"]);
  const lines = ["[0, 1, 2] {'filled': 3}", "empty", "not taken by who went away", ""];
  assert.deepEqual({ stdout, stderr }, { stdout: lines.join("\n"), stderr: "" });
});

test("app.run() where nobody runs a script says where it belongs", async () => {
  await cli.file("bare.py", 'import modal\napp = modal.App("bare")\nwith app.run():\n    pass\n');
  const { code, stderr } = await cli.run(["deploy", "bare.py"]);
  assert.match(stderr, /`app\.run\(\)` works in a script that `spawnpoint python` runs/);
  assert.equal(code, 4);
});

test("a run and a deployed app of the same name do not meet", async () => {
  await cli.file(
    "other.py",
    'import modal\napp = modal.App("shop")\n\n@app.function()\ndef square(x: int):\n    return "deployed"\n',
  );
  assert.equal((await cli.run(["deploy", "other.py"])).code, 0);
  assert.match((await cli.run(["run", "shop.py::later"])).stdout, /^36$/m);
  assert.equal((await cli.run(["call", "shop", "square", "--args", "[1]"])).stdout, '"deployed"\n');
  await cli.file(
    "caller.py",
    `import modal
square = modal.Function.from_name("shop", "square")
print(square.remote(1))
`,
  );
  assert.equal(
    (await cli.run(["python", "caller.py"])).stdout,
    "deployed\n",
    "a script may call without an app of its own",
  );
  const client = await modal();
  await client.apps.stop((await client.apps.lookup("shop")).appId);
  client.close();
});

test("Ctrl-C interrupts the entrypoint and stops the app with its calls", async () => {
  const running = cli.start(["run", "shop.py::wait", "--path", join(cli.folder, "never")]);
  await running.printed("waiting");
  assert.ok((await states()).includes("shop EPHEMERAL"));
  running.interrupt();
  const { code, stderr } = await running.outcome;
  assert.deepEqual({ code, stderr }, { code: 130, stderr: "Interrupted.\n" });
  assert.ok(await allStopped());
});

test("a run goes on when the engine is killed", async () => {
  const path = join(cli.folder, "later");
  const running = cli.start(["run", "shop.py::outlive", "--path", path]);
  await running.printed("spawned");
  const address = await findEngine(cli.dataFolder);
  assert.ok(address);
  process.kill(address.pid, "SIGKILL");
  await writeFile(path, "");
  const { code, stdout, stderr } = await running.outcome;
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^found 25$/m);
  assert.ok(await allStopped());
});

test("an app whose client was killed is stopped by the engine", async () => {
  const running = cli.start(["run", "shop.py::wait", "--path", join(cli.folder, "never")]);
  await running.printed("waiting");
  running.kill();
  await running.outcome;
  await until("the app is stopped", allStopped);
});

test("a detached app goes on without its client, until its calls are finished", async () => {
  const path = join(cli.folder, "now");
  const running = cli.start(["run", "--detach", "shop.py::wait_for", "--path", path]);
  await running.printed("waiting");
  assert.ok((await states()).includes("shop DETACHED"));
  running.kill();
  await running.outcome;
  await until("the engine knows that nobody is there", async () =>
    (await states()).includes("shop DETACHED_DISCONNECTED"),
  );
  await writeFile(path, "");
  await until("the app is stopped", allStopped);
  assert.ok(await stat(`${path}.done`));
});
