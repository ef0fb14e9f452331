import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { describeFile, Project } from "./workerHarness.ts";

interface Description {
  readonly ok: boolean;
  readonly message: string;
  readonly path: string;
  readonly line: number;
  readonly traceback: string;
  readonly root: string;
  readonly entry_module: string;
  readonly sources: { module: string; path: string; is_package: boolean; source: string }[];
  readonly apps: {
    name: string;
    functions: Record<string, unknown>[];
    not_applied: { function: string; option: string; reason: string; value: string }[];
    local_entrypoints: { name: string; line: number }[];
  }[];
}

async function describe(
  files: Record<string, string>,
  entry = "app_file.py",
): Promise<Description & { folder: string }> {
  await using project = await Project.create(files);
  const description = (await describeFile(project.path(entry))) as unknown as Description;
  return { ...description, folder: project.folder };
}

const HEADER = 'import modal\napp = modal.App("a")\n';

test("a function is described with place, parameters, types and options", async () => {
  const { ok, apps, entry_module, sources, folder, root } = await describe({
    "app_file.py": `${HEADER}
@app.function(timeout=20, retries=2, max_containers=3, scaledown_window=7)
def work(a: int, b: list[str], *rest, c: float = 1.5, d: "dict[str, int] | None" = None, **more) -> bytes:
    """Works.

    A lot."""
    return b""


@app.function(name="other")
async def coroutine(text: "Unknown", flag: bool = True) -> None:
    pass


@app.function()
def items():
    yield 1


@app.local_entrypoint()
def main():
    pass
`,
  });
  assert.equal(ok, true);
  assert.equal(root, folder);
  assert.equal(entry_module, "app_file");
  assert.deepEqual(
    sources.map(({ module, is_package }) => [module, is_package]),
    [["app_file", false]],
  );
  const [work, other, items] = apps[0]?.functions ?? [];
  const plain = (base: string) => ({ base, sub: [] });
  assert.deepEqual(work, {
    name: "work",
    module: "app_file",
    qualname: "work",
    path: `${folder}/app_file.py`,
    line: 4,
    end_line: 9,
    is_generator: false,
    is_async: false,
    doc: "Works.\n\nA lot.",
    parameters: [
      { name: "a", kind: "positional", type: plain("int"), has_default: false, default: null },
      { name: "b", kind: "positional", type: { base: "list", sub: [plain("str")] }, has_default: false, default: null },
      { name: "rest", kind: "var_positional", type: plain("unknown"), has_default: false, default: null },
      { name: "c", kind: "keyword", type: plain("float"), has_default: true, default: "1.5" },
      { name: "d", kind: "keyword", type: plain("unknown"), has_default: true, default: "None" },
      { name: "more", kind: "var_keyword", type: plain("unknown"), has_default: false, default: null },
    ],
    return_type: plain("bytes"),
    options: {
      timeout_s: 20,
      startup_timeout_s: null,
      retries: { max_retries: 2, backoff_coefficient: 1, initial_delay_s: 1, max_delay_s: 60 },
      min_containers: null,
      max_containers: 3,
      buffer_containers: null,
      scaledown_window_s: 7,
      max_concurrent_inputs: null,
      target_concurrent_inputs: null,
      batch_max_size: null,
      batch_wait_ms: null,
      memory_limit_mib: null,
    },
    variables: {},
    volumes: [],
  });
  assert.equal(other?.name, "other");
  assert.equal(other?.qualname, "coroutine");
  assert.equal(other?.is_async, true);
  assert.equal(items?.is_generator, true);
  assert.deepEqual(apps[0]?.local_entrypoints, [{ name: "main", line: 22 }]);
});

test("two apps in one file are both described", async () => {
  const { apps } = await describe({
    "app_file.py": `import modal
one = modal.App("one")
two = modal.App("two")

@one.function()
def f(): pass

@two.function()
def g(): pass
`,
  });
  assert.deepEqual(
    apps.map((app) => [app.name, app.functions.map((entry) => entry.name)]),
    [
      ["one", ["f"]],
      ["two", ["g"]],
    ],
  );
});

test("web endpoints say their kind; what they cannot have is reported, and so is FastAPI where it is missing", async () => {
  const { apps } = await describe({
    "app_file.py": `import modal
app = modal.App("a")

@app.function(retries=2)
@modal.asgi_app(label="front", custom_domains=["example.org"])
def site(): pass

@app.function(max_containers=3)
@modal.web_server(8000, requires_proxy_auth=True)
def server(): pass

@app.function()
@modal.web_endpoint(method="POST")
def alone(x: int): pass
`,
  });
  const functions = new Map(apps[0]?.functions.map((described) => [described.name, described]));
  const options = (name: string) => functions.get(name)?.options as Record<string, unknown>;
  assert.deepEqual(functions.get("site")?.web, { kind: "asgi_app", label: "front" });
  assert.equal(options("site").retries, null);
  assert.deepEqual(functions.get("server")?.web, { kind: "web_server", label: null });
  assert.equal(options("server").max_containers, 1);
  assert.equal(functions.get("alone")?.web, undefined);
  const reported = apps[0]?.not_applied.map((entry) => `${entry.function}:${entry.option}`);
  assert.deepEqual(reported, [
    "site:custom_domains",
    "site:retries",
    "server:requires_proxy_auth",
    "server:max_containers",
    "alone:web_endpoint",
  ]);
  assert.match(apps[0]?.not_applied.at(-1)?.reason ?? "", /pip install fastapi/);
});

test("settings without a local meaning are accepted and reported", async () => {
  const { apps } = await describe({
    "app_file.py": `import modal
from modal import gpu
image = modal.Image.debian_slim(python_version="3.12").pip_install("torch").run_commands("true").env({"A": "b"})
with image.imports():
    import surely_not_installed
app = modal.App("a", image=image, secrets=[modal.Secret.from_name("s")])
state, jobs = modal.Dict.from_name("state", create_if_missing=True), modal.Queue.from_name("jobs")
box, more = modal.Sandbox.from_id("sb-1"), modal.Sandbox.from_id("sb-2")

@app.function(gpu=gpu.A100(count=2), volumes={"/v": modal.Volume.from_name("v", create_if_missing=True)},
              schedule=modal.Cron("0 0 * * *"), cpu=2, memory=512, region="eu", keep_warm=1)
@modal.concurrent(max_inputs=4)
def f(): pass

@app.function()
@modal.fastapi_endpoint(method="POST")
def web(): pass

@app.cls(cpu=1)
class Model:
    size: int = modal.parameter(default=3)
    @modal.enter()
    def load(self): self.loaded = True
    @modal.method()
    def predict(self, x): return x * self.size
`,
  });
  const reported = apps[0]?.not_applied.map((entry) => `${entry.function}:${entry.option}`);
  assert.deepEqual(reported, [
    ":image",
    ":secrets",
    ":modal.Sandbox",
    "f:gpu",
    "f:schedule",
    "f:cpu",
    "f:memory",
    "f:region",
    "web:fastapi_endpoint",
    "Model:cpu",
  ]);
  for (const { reason } of apps[0]?.not_applied ?? []) assert.match(reason, /\.$/);
  assert.deepEqual(
    apps[0]?.not_applied.flatMap(({ option, value }) => (value ? [`${option} ${value}`] : [])),
    ["secrets s", "gpu 'A100'", "cpu 2", "memory 512", "region 'eu'", "cpu 1"],
  );
  const options = apps[0]?.functions[0]?.options as Record<string, unknown> | undefined;
  assert.equal(options?.min_containers, 1);
  assert.equal(options?.max_concurrent_inputs, 4);
  assert.deepEqual(apps[0]?.functions[0]?.volumes, [
    { path: "/v", name: "v", environment: "", create_if_missing: true, version: 0, sub_path: "" },
  ]);
});

test("of memory, a limit is applied where the system tells what a process uses, and a request is not", async () => {
  const file = (memory: string) => `${HEADER}
@app.function(memory=${memory})
def f(): pass
`;
  const { apps } = await describe({ "app_file.py": file("(128, 1024)") });
  const options = apps[0]?.functions[0]?.options as Record<string, unknown> | undefined;
  assert.equal(options?.memory_limit_mib, 1024);
  assert.equal(apps[0]?.not_applied.length, process.platform === "linux" ? 0 : 1);
  for (const wrong of ['"1G"', "(1024, 128)", "(1, 2, 3)", "(0, 0)", "-1"]) {
    assert.match((await describe({ "app_file.py": file(wrong) })).message, /`memory` takes/);
  }
});

test("concurrency and batches are options, of a function or of the class that a method belongs to", async () => {
  const { apps } = await describe({
    "app_file.py": `${HEADER}
@app.function()
@modal.concurrent(max_inputs=8, target_inputs=5)
def f(): pass

@app.function(allow_concurrent_inputs=3)
def old(): pass

@app.function()
@modal.batched(max_batch_size=4, wait_ms=250)
def add(xs: list[int], ys: list[str]) -> list[float]: return xs

@app.cls()
@modal.concurrent(max_inputs=2)
class Model:
    @modal.batched(max_batch_size=6, wait_ms=0)
    async def predict(self, xs: list[int]): return xs
`,
  });
  const settings = apps[0]?.functions.map(({ name, options }) => {
    const { max_concurrent_inputs, target_concurrent_inputs, batch_max_size, batch_wait_ms } = options as Record<
      string,
      unknown
    >;
    return [name, max_concurrent_inputs, target_concurrent_inputs, batch_max_size, batch_wait_ms];
  });
  assert.deepEqual(settings, [
    ["f", 8, 5, null, null],
    ["old", 3, null, null, null],
    ["add", null, null, 4, 250],
    ["Model.*", 2, null, 6, 0],
  ]);
  assert.deepEqual(apps[0]?.not_applied, []);
  const add = apps[0]?.functions.find(({ name }) => name === "add");
  const parameters = add?.parameters as { type: { base: string } }[] | undefined;
  assert.deepEqual(
    parameters?.map(({ type }) => type.base),
    ["int", "str"],
    "callers pass single items",
  );
});

const METHOD = "@app.cls()\nclass C:\n    @modal.method()\n    def other(self): pass\n";
const REFUSED: [string, RegExp][] = [
  ["@app.function()\n@modal.concurrent(target_inputs=2)\ndef f(): pass", /missing required argument: `max_inputs`/],
  [
    "@app.function()\n@modal.concurrent(max_inputs=2, target_inputs=3)\ndef f(): pass",
    /cannot be larger than `max_inp/,
  ],
  [
    "@app.function()\n@modal.concurrent(max_inputs=0)\ndef f(): pass",
    /`max_inputs` takes a whole number from 1, not 0/,
  ],
  ["@app.function()\n@modal.batched(max_batch_size=1001, wait_ms=1)\ndef f(x): pass", /from 1 to 1000, not 1001/],
  [
    "@app.function()\n@modal.batched(max_batch_size=2)\ndef f(x): pass",
    /`wait_ms` takes a whole number from 0 to 600000/,
  ],
  ["@app.function()\n@modal.batched(max_batch_size=2, wait_ms=1)\ndef f(x=1): pass", /`x` cannot have a default/],
  [
    "@app.function()\n@modal.batched(max_batch_size=2, wait_ms=1)\ndef f(x): yield x",
    /f is batched, so it cannot be a gen/,
  ],
  [
    `${METHOD}    @modal.batched(max_batch_size=2, wait_ms=1)\n    def b(self, x): pass`,
    /has the batched method `b` and 1 more/,
  ],
  [
    `${METHOD}    @modal.method()\n    @modal.concurrent(max_inputs=2)\n    def c(self): pass`,
    /put it above the class C/,
  ],
];

for (const [source, sentence] of REFUSED) {
  test(`what Modal refuses is refused: ${sentence.source}`, async () => {
    await using project = await Project.create({ "app_file.py": `${HEADER}\n${source}\n` });
    const described = await describeFile(project.path("app_file.py"));
    assert.equal(described.ok, false);
    assert.match(String(described.message), sentence);
  });
}

test("local modules are recorded as imported, also those that are imported later", async () => {
  await using project = await Project.create({
    "app_file.py": `${HEADER}
from package.part import VALUE
@app.function()
def f():
    import later
    return later.X + VALUE
`,
    "later.py": "from deeper import *\nX = 1\n",
    "deeper.py": "Y = 1\n",
    "unused.py": "raise SystemExit\n",
  });
  await mkdir(project.path("package"));
  await writeFile(project.path("package/__init__.py"), "");
  await writeFile(project.path("package/part.py"), "# -*- coding: latin-1 -*-\nVALUE = 'caf\u00e9'\n", "latin1");
  const { sources } = (await describeFile(project.path("app_file.py"))) as unknown as Description;
  assert.deepEqual(
    sources.map(({ module, is_package }) => [module, is_package]),
    [
      ["app_file", false],
      ["deeper", false],
      ["later", false],
      ["package", true],
      ["package.part", false],
    ],
  );
  assert.match(sources.at(-1)?.source ?? "", /café/);
});

test("a file in a package can use relative imports", async () => {
  await using project = await Project.create({});
  await mkdir(project.path("tools"));
  await writeFile(project.path("tools/__init__.py"), "");
  await writeFile(project.path("tools/shared.py"), "N = 5\n");
  await writeFile(
    project.path("tools/app_file.py"),
    `from .shared import N\n${HEADER}\n@app.function()\ndef f(): return N\n`,
  );
  const description = (await describeFile(project.path("tools/app_file.py"))) as unknown as Description;
  assert.equal(description.message, undefined);
  assert.equal(description.entry_module, "tools.app_file");
  assert.equal(description.root, project.folder);
  assert.equal(description.apps[0]?.functions[0]?.module, "tools.app_file");
});

const faults: { what: string; files: Record<string, string>; message: RegExp; line: number; at?: string }[] = [
  {
    what: "a syntax error",
    files: { "app_file.py": "x = 1\ndef f(:\n" },
    message: /app_file\.py, line 2: SyntaxError/,
    line: 2,
  },
  {
    what: "an import error",
    files: { "app_file.py": "\nimport surely_not_installed\n" },
    message: /app_file\.py, line 2: ModuleNotFoundError: No module named 'surely_not_installed'; install it for .+/,
    line: 2,
  },
  {
    what: "an exception in another module",
    files: { "app_file.py": "import broken\n", "broken.py": "x = 1\n\ny = x / 0\n" },
    message: /broken\.py, line 3: ZeroDivisionError: division by zero\./,
    line: 3,
    at: "broken.py",
  },
  {
    what: "a syntax error in another module",
    files: { "app_file.py": "import broken\n", "broken.py": "\n\n)\n" },
    message: /broken\.py, line 3: SyntaxError/,
    line: 3,
    at: "broken.py",
  },
  {
    what: "a file that exits",
    files: { "app_file.py": "raise SystemExit(2)\n" },
    message: /line 1: The file ends the process/,
    line: 1,
  },
  {
    what: "no app",
    files: { "app_file.py": "x = 1\n" },
    message: /app_file\.py: there is no app.*modal\.App\("my-app"\)/,
    line: 0,
  },
  {
    what: "an app without a name",
    files: { "app_file.py": "import modal\napp = modal.App()\n" },
    message: /line 2: the app has no name/,
    line: 2,
  },
  {
    what: "an app without functions",
    files: { "app_file.py": HEADER },
    message: /line 2: the app "a" has no functions/,
    line: 2,
  },
  {
    what: "two apps of one name",
    files: {
      "app_file.py": `${HEADER}\nother = modal.App("a")\nfor each in (app, other):\n    each.function()(lambda: 1)\n`,
    },
    message: /line 4: there is another app named "a"/,
    line: 4,
  },
  {
    what: "a decorator without parentheses",
    files: { "app_file.py": `${HEADER}\n@app.function\ndef f(): pass\n` },
    message: /line [45]: InvalidError: Did you forget the parentheses\? Write `@app\.function\(\)`/,
    line: 4,
  },
  {
    what: "an unknown option",
    files: { "app_file.py": `${HEADER}\n@app.function(gpus=1)\ndef f(): pass\n` },
    message: /line \d: TypeError: Modal has no option `gpus` here/,
    line: 4,
  },
];

for (const { what, files, message, line, at = "app_file.py" } of faults) {
  test(`${what} is told with file and line`, async () => {
    const description = await describe(files);
    assert.equal(description.ok, false);
    assert.match(description.message, message);
    assert.equal(description.path, `${description.folder}/${at}`);
    // Until Python 3.9 a decorator's call stands in the line of its `def`.
    const lines = files["app_file.py"]?.includes("@app.function") ? [line, line + 1] : [line];
    assert.ok(lines.includes(description.line), String(description.line));
    assert.doesNotMatch(description.traceback, /spawnpoint\/describe|frozen importlib/);
  });
}

test("a file that does not exist is told so", async () => {
  const description = await describe({}, "missing.py");
  assert.match(description.message, /^missing\.py: there is no such file in /);
});

test("a file with the name of a loaded module is refused", async () => {
  const description = await describe({ "json.py": HEADER }, "json.py");
  assert.match(description.message, /^json\.py: Python already has a module named `json`; rename the file/);
});
