import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../../src/targets/engineProcess.ts";
import { CommandLine, type Outcome } from "./commandLine.ts";

/** The module `spawnpoint_testing` in Python's own tests, with the engine's stand-in `modal`: CI has no other. */

const APP = `
import os, modal
app = modal.App("shop")

@app.function()
def price(count: int) -> int:
    print("pricing", count)
    return 3 * count

@app.function()
def pid() -> int:
    return os.getpid()

@app.function()
def fail():
    print("about to fail")
    raise ValueError("no")
`;

let cli: CommandLine;
before(async () => {
  cli = await CommandLine.build();
});
after(() => cli[Symbol.asyncDispose]());

/** A project of somebody's, in which `spawnpoint_testing` is importable. */
async function project(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(cli.folder, "project-"));
  for (const [name, source] of Object.entries({ "shop.py": APP, ...files }))
    await writeFile(join(folder, name), source);
  return folder;
}

function python(cwd: string, args: readonly string[]) {
  const PYTHONPATH = join(cli.folder, "dist", "python", "testing");
  return spawn("python3", args, { cwd, env: { ...process.env, PYTHONPATH, PYTHONDONTWRITEBYTECODE: "1" } });
}

async function outcome(cwd: string, args: readonly string[]): Promise<Outcome> {
  const child = python(cwd, args);
  child.stdin.end();
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return { code, stdout, stderr };
}

test("unittest calls functions, reads logs, and is told what is wrong with a file", async () => {
  const folder = await project({
    "broken.py": "import modal\napp = modal.App('broken')\ndef f(:\n",
    "test_shop.py": `
import asyncio, json, os, unittest
from contextlib import ExitStack
from spawnpoint_testing import EngineError, local_engine
import modal
from shop import app, fail, price

class Shop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.engine = stack.enter_context(local_engine(deploy=["shop.py"]))

    def test_deployed(self):
        self.assertEqual(price.remote(4), 12)
        self.assertEqual(list(price.map([1, 2, 3])), [3, 6, 9])
        self.assertEqual(modal.Function.from_name("shop", "price").remote(5), 15)
        self.assertEqual(asyncio.run(price.remote.aio(6)), 18)
        self.assertTrue(modal.is_local())

    def test_running(self):
        with app.run():
            self.assertEqual(price.remote(7), 21)

    def test_failures(self):
        with self.assertRaisesRegex(ValueError, "^no$"):
            fail.remote()
        self.assertRegex(self.engine.logs(), "==> shop <==\\n(.*\\n)*about to fail")
        with self.assertRaises(modal.exception.NotFoundError):
            modal.Function.from_name("shop", "missing").remote()
        with self.assertRaisesRegex(EngineError, "broken.py:3: "):
            self.engine.deploy("broken.py")

    def test_inner_engine(self):
        with local_engine() as inner, self.assertRaises(modal.exception.NotFoundError):
            self.assertNotEqual(inner.url, self.engine.url)
            price.remote(1)
        self.assertEqual(price.remote(1), 3)

    def test_variables(self):
        self.assertEqual(os.environ["MODAL_SERVER_URL"], self.engine.url)
        self.assertEqual({name: os.environ[name] for name in self.engine.variables}, self.engine.variables)

def tearDownModule():
    assert "MODAL_SERVER_URL" not in os.environ
    assert not os.path.exists(Shop.engine.variables["SPAWNPOINT_HOME"])
    try:
        price.remote(1)
    except modal.exception.ExecutionError:
        return
    raise AssertionError("The engine is still there.")
`,
  });
  const { code, stderr } = await outcome(folder, ["-W", "error", "-m", "unittest", "-v"]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /Ran 5 tests/);
});

test("engine and containers go with a process that is killed", async (t) => {
  const folder = await project({
    "stay.py": `
import json, sys
from pathlib import Path
from spawnpoint_testing import local_engine
from shop import pid
with local_engine(deploy=["shop.py"]) as engine:
    address = json.loads(Path(engine.variables["SPAWNPOINT_HOME"], "engine.json").read_text())
    print(json.dumps([pid.remote(), address["pid"]]), flush=True)
    sys.stdin.read()
`,
  });
  const child = python(folder, ["stay.py"]);
  t.after(() => child.kill("SIGKILL"));
  const said = text(child.stderr);
  const { value: line } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  assert.ok(line, line ?? (await said));
  const pids = JSON.parse(line) as number[];
  child.kill("SIGKILL");
  for (const giveUpAt = Date.now() + 60_000; pids.some(isAlive); await delay(50)) {
    assert.ok(Date.now() < giveUpAt, "container and engine are gone");
  }
});

const LACKS_PYTEST = "pytest is not importable here; python3 -m pip install pytest, to test the plugin for it.";
const skip = spawnSync("python3", ["-c", "import pytest"]).status === 0 ? false : LACKS_PYTEST;

test("pytest has an engine by a fixture, and shows what functions printed of a test that fails", { skip }, async () => {
  const folder = await project({
    "pytest.ini": "[pytest]\nmodal_deploy = shop.py\n",
    "conftest.py": 'pytest_plugins = ["spawnpoint_testing.plugin"]\n',
    "test_shop.py": `
import modal, pytest
from shop import fail, price

pytestmark = pytest.mark.usefixtures("modal_engine")

def test_price():
    assert price.remote(4) == 12

def test_same_engine(modal_engine):
    assert modal_engine.url.startswith("http://127.0.0.1:")
    assert "pricing 4" in modal_engine.logs()

def test_failing():
    fail.remote()
`,
  });
  const { code, stdout, stderr } = await outcome(folder, ["-m", "pytest", "-p", "no:cacheprovider"]);
  assert.equal(code, 1, stdout + stderr);
  assert.match(stdout, /1 failed, 2 passed/);
  assert.match(stdout, /-+ What functions printed -+\n==> shop <==\nabout to fail\n/);
  assert.doesNotMatch(stdout, /pricing 4/, "what other tests printed is not shown");
});
