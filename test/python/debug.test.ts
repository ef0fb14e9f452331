import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { debugRequest } from "../../src/client/local/debugRequest.ts";

const PYTHON = process.env.SPAWNPOINT_PYTHON ?? "python3";
const SCRIPT = join(import.meta.dirname, "../../src/python/debug.py");
const LIMIT = { timeout: 60_000 };

const SOURCE = `import modal
import helper

app = modal.App("debugged")

@app.function()
def add(x, y=0):
    print("adding")
    return helper.plus(x, y)

@app.function()
async def later(x):
    return [x]

@app.function()
def count(n):
    yield from range(n)

@app.function()
async def acount(n):
    for i in range(n):
        yield {"i": i}

@app.function()
def fail(x):
    raise ValueError(f"no {x}")

@app.cls()
class Scale:
    factor: int = modal.parameter(default=2)

    @modal.method()
    def times(self, x):
        return x * self.factor
`;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "spawnpoint-debug-"));
  await writeFile(join(folder, "app.py"), SOURCE);
  await writeFile(join(folder, "helper.py"), "def plus(x, y):\n    return x + y\n");
});
after(() => rm(folder, { recursive: true }));

/** Runs the script as a debugger would; it removes the request. */
async function debug(qualname: string, args: readonly unknown[] = [], kwargs: Record<string, unknown> = {}) {
  const requestPath = join(folder, "a.request");
  await writeFile(requestPath, debugRequest({ path: join(folder, "app.py"), qualname }, args, kwargs));
  return new Promise<{ code: unknown; stdout: string; stderr: string; isRequestLeft: boolean }>((resolve) => {
    execFile(PYTHON, [SCRIPT, requestPath], { cwd: tmpdir() }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stdout, stderr, isRequestLeft: existsSync(requestPath) });
    });
  });
}

test("a function of any kind is called, and what it gives is printed", LIMIT, async () => {
  const done = { code: 0, stderr: "", isRequestLeft: false };
  assert.deepEqual(await debug("add", [2n ** 70n], { y: 1 }), {
    ...done,
    stdout: `adding\nreturned ${2n ** 70n + 1n}\n`,
  });
  assert.deepEqual(await debug("later", ["a"]), { ...done, stdout: "returned ['a']\n" });
  assert.deepEqual(await debug("count", [2]), { ...done, stdout: "yielded 0\nyielded 1\n" });
  assert.deepEqual(await debug("acount", [1]), { ...done, stdout: "yielded {'i': 0}\n" });
  assert.deepEqual(await debug("Scale.times", [3]), { ...done, stdout: "returned 6\n" });
});

test("what the function raises passes through to the debugger, and the traceback is the user's", LIMIT, async () => {
  const { code, stderr, isRequestLeft } = await debug("fail", [1]);
  assert.equal(code, 1);
  assert.match(stderr, /^Traceback .*app\.py", line 26, in fail\n.*\nValueError: no 1\n$/s);
  assert.doesNotMatch(stderr, /debugged\.py/);
  assert.equal(isRequestLeft, false);
});

test("a function that is not there is one sentence", LIMIT, async () => {
  const { code, stderr } = await debug("nowhere");
  assert.deepEqual({ code, stderr: stderr.split(";")[0] }, { code: 1, stderr: "app.py has no Modal function nowhere" });
});
