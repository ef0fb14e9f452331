import assert from "node:assert/strict";
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join, parse } from "node:path";
import { type TestContext, test } from "node:test";
import { resolveInterpreter } from "../../src/targets/interpreter.ts";
import { InterpreterError } from "../../src/targets/targetError.ts";

/** No folder above it has an environment, as any folder above a temporary one may. */
const TOP = parse(tmpdir()).root;

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "spawnpoint-python-"));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

/** An executable that says it is this Python. */
async function fakePython(path: string, version: readonly number[]): Promise<string> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${JSON.stringify([path, version])}'\n`);
  await chmod(path, 0o755);
  return path;
}

async function fakeEnvironment(path: string, version: readonly number[]): Promise<string> {
  const python = await fakePython(join(path, "bin", "python"), version);
  await writeFile(join(path, "pyvenv.cfg"), "home = /usr/bin\n");
  return python;
}

test("the environment beside the file wins over one above it", async (t) => {
  const root = await folder(t);
  const near = await fakeEnvironment(join(root, "a", "b", "venv"), [3, 12, 1]);
  await fakeEnvironment(join(root, "a", ".venv"), [3, 11, 0]);
  const found = await resolveInterpreter({ folder: join(root, "a", "b"), env: {} });
  assert.deepEqual(found, { path: near, version: "3.12.1", source: join(root, "a", "b", "venv") });
});

test("an environment above the file is found", async (t) => {
  const root = await folder(t);
  const above = await fakeEnvironment(join(root, ".venv"), [3, 9, 0]);
  await mkdir(join(root, "src"));
  assert.equal((await resolveInterpreter({ folder: join(root, "src"), env: {} })).path, above);
});

test("what is named wins, then SPAWNPOINT_PYTHON, then VIRTUAL_ENV", async (t) => {
  const root = await folder(t);
  const named = await fakePython(join(root, "named"), [3, 13, 0]);
  const SPAWNPOINT_PYTHON = await fakePython(join(root, "home"), [3, 13, 0]);
  const VIRTUAL_ENV = join(root, "active");
  const active = await fakeEnvironment(VIRTUAL_ENV, [3, 13, 0]);
  await fakeEnvironment(join(root, ".venv"), [3, 13, 0]);
  const explicit = { command: named, source: "--python" };
  const paths = await Promise.all([
    resolveInterpreter({ explicit, folder: root, env: { SPAWNPOINT_PYTHON, VIRTUAL_ENV } }),
    resolveInterpreter({ folder: root, env: { SPAWNPOINT_PYTHON, VIRTUAL_ENV } }),
    resolveInterpreter({ folder: root, env: { VIRTUAL_ENV } }),
  ]);
  assert.deepEqual(
    paths.map(({ path }) => path),
    [named, SPAWNPOINT_PYTHON, active],
  );
});

test("a named Python that is too old is an error, not passed over", async (t) => {
  const root = await folder(t);
  const old = await fakePython(join(root, "old"), [3, 8, 18]);
  await assert.rejects(
    resolveInterpreter({ explicit: { command: old, source: "--python" }, folder: root, env: {} }),
    new InterpreterError(`The Python ${old} (from --python) is 3.8.18, and 3.9 or newer is needed; name another.`),
  );
});

test("a named Python that is not there is an error with its cause", async (t) => {
  const root = await folder(t);
  const explicit = { command: join(root, "nowhere"), source: "the setting" };
  await assert.rejects(resolveInterpreter({ explicit, folder: root, env: {} }), (error) => {
    assert.ok(error instanceof InterpreterError);
    assert.match(error.message, /nowhere \(from the setting\) cannot be run/);
    assert.match(String(error.cause), /ENOENT/);
    return true;
  });
});

test("PATH is tried in turn, and one too old is passed over", async (t) => {
  const root = await folder(t);
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
  });
  await fakePython(join(root, "python3"), [2, 7, 18]);
  const good = await fakePython(join(root, "python"), [3, 10, 2]);
  process.env.PATH = [root, "/bin"].join(delimiter);
  const found = await resolveInterpreter({ folder: TOP, env: {} });
  assert.deepEqual(found, { path: good, version: "3.10.2", source: "PATH" });
});

test("no Python at all is one sentence", async (t) => {
  const root = await folder(t);
  const before = process.env.PATH;
  t.after(() => {
    process.env.PATH = before;
  });
  process.env.PATH = root;
  await assert.rejects(resolveInterpreter({ folder: TOP, env: {} }), /No Python 3\.9 or newer was found; install one/);
});

test("the real python3 of this machine is found", async () => {
  const found = await resolveInterpreter({ folder: TOP, env: {} });
  assert.match(found.version, /^3\.\d+\.\d+$/);
  assert.equal(found.source, "PATH");
});

const CANNOT_GIVE_AWAY = process.getuid?.() !== 0 && "only root can give a file to somebody else";

test("an environment that belongs to somebody else is not run", { skip: CANNOT_GIVE_AWAY }, async (t) => {
  const root = await folder(t);
  const environment = join(root, ".venv");
  const python = await fakeEnvironment(environment, [3, 12, 1]);
  assert.equal((await resolveInterpreter({ folder: root, env: {} })).path, python, "root's own is taken");
  await chown(join(environment, "pyvenv.cfg"), 12_345, 12_345);
  assert.notEqual((await resolveInterpreter({ folder: root, env: {} })).path, python);
});
