import assert from "node:assert/strict";
import { test } from "node:test";
import { parametersText } from "../../src/editor/functionParameters.ts";
import { type FunctionDeclaration, mayHaveFunctions, scanFunctions } from "../../src/editor/functionScan.ts";
import { PythonTree } from "../../src/editor/pythonTree.ts";

function scan(text: string): FunctionDeclaration[] {
  return scanFunctions(text, new PythonTree(text).tree);
}

function names(text: string): string[] {
  return scan(text).map(({ appName, functionName }) => `${appName}.${functionName}`);
}

test("finds decorated functions of an app", () => {
  const text =
    'import modal\n\napp = modal.App("words")\n\n@app.function()\ndef count(text: str) -> int:\n    return 1\n';
  const [count, ...others] = scan(text);
  assert.deepEqual(others, []);
  assert.equal(count?.appName, "words");
  assert.equal(count?.functionName, "count");
  assert.equal(text.slice(count?.from).split("\n")[0], "@app.function()");
  assert.equal(text.slice(count?.nameFrom, (count?.nameFrom ?? 0) + 5), "count");
  assert.equal(text.slice(count?.nameFrom, count?.signatureTo), "count(text: str) -> int");
});

test("understands every way to import modal", () => {
  const use = "\n@app.function()\ndef f(): pass\n";
  assert.deepEqual(names(`import modal as m\napp = m.App("a")${use}`), ["a.f"]);
  assert.deepEqual(names(`from modal import App\napp = App("a")${use}`), ["a.f"]);
  assert.deepEqual(names(`from modal import (Image, App as Application)\napp = Application(name='a')${use}`), ["a.f"]);
  assert.deepEqual(names(`import os, modal\napp: modal.App = modal.App("a", image=None)${use}`), ["a.f"]);
  assert.deepEqual(names(`from modal import (\n  Image,  # why\n  App as A,\n)\napp = A("a")${use}`), ["a.f"]);
  assert.deepEqual(names(`from modal import *\napp = App("a")${use}`), ["a.f"]);
  assert.deepEqual(names(`import modal.exception\napp = modal.App("a")${use}`), ["a.f"]);
});

test("tells several apps of a file apart", () => {
  const text = `import modal
one = modal.App("first")
two = modal.App("second")
@two.function()
def f(): pass
@one.function(timeout=10)
@another.decorator
def g(): pass
`;
  assert.deepEqual(names(text), ["second.f", "first.g"]);
});

test("finds the methods of a class, without self", () => {
  const text = `import modal
from modal import method as remote_method
app = modal.App("shop")
@app.cls(min_containers=1)
class Till:
    currency: str = modal.parameter(default="EUR")
    @modal.enter()
    def open(self): pass
    @modal.method()
    def add(self, price: int = 1): pass
    @remote_method()
    async def count(self, n):
        yield n
    @modal.method
    def without_call(self): pass
    def plain(self): pass
@app.cls()
def not_a_class(): pass
class Other:
    @modal.method()
    def lost(self): pass
`;
  const [add, count, ...others] = scan(text);
  assert.deepEqual(others, []);
  assert.deepEqual([add?.appName, add?.functionName], ["shop", "Till.add"]);
  assert.deepEqual(
    add?.parameters.map(({ name, default: value }) => [name, value]),
    [["price", "1"]],
  );
  assert.deepEqual([count?.functionName, count?.isGenerator], ["Till.count", true]);
  assert.equal(text.slice(add?.nameFrom, (add?.nameFrom ?? 0) + 3), "add");
});

test("finds what an instance of a class is made with", () => {
  const parameters = (body: string) => {
    const [method] = scan(
      `import modal\nfrom modal import parameter as p\napp = modal.App("a")\n@app.cls()\nclass C:\n${body}    @modal.method()\n    def f(self): pass\n`,
    );
    return parametersText(method?.classParameters ?? assert.fail());
  };
  assert.equal(
    parameters("    x: int = modal.parameter()\n    y: str = p(default='b')\n    z: int = 3\n"),
    "x: int, y: str = 'b'",
  );
  assert.equal(parameters("    x: int = modal.parameter(init=False)\n"), "");
  assert.equal(parameters("    def __init__(self, x, y: int = 2): pass\n"), "x, y: int = 2");
  assert.equal(parameters("    x: int = other.parameter()\n    def helper(self, x): pass\n"), "");
});

test("prefers the name given to the decorator", () => {
  assert.deepEqual(names('import modal\napp = modal.App("a")\n@app.function(cpu=1, name="shown")\ndef f(): pass'), [
    "a.shown",
  ]);
});

test("leaves the app's name open when it is not literal or comes from elsewhere", () => {
  assert.deepEqual(names('import modal\napp = modal.App(f"a-{stage}")\n@app.function()\ndef f(): pass'), [
    "undefined.f",
  ]);
  assert.deepEqual(names("import modal\nfrom .common import app\n@app.function()\ndef f(): pass"), ["undefined.f"]);
});

test("follows an app from variable to variable, and out of expressions", () => {
  const use = "\n@app.function()\ndef f(): pass\n";
  assert.deepEqual(names(`import modal\nfirst = app = modal.App("a" "-b")${use}`), ["a-b.f"]);
  assert.deepEqual(names(`import modal\nfirst = modal.App("a")\napp = first${use}`), ["a.f"]);
  assert.deepEqual(names(`import modal\napp = (\n    modal.App("a").include(other)\n)${use}`), ["a.f"]);
  assert.deepEqual(names(`import modal\napp: modal.App = make()${use}`), ["undefined.f"]);
  assert.deepEqual(names("import common\n@common.app.function()\ndef f(): pass\n"), ["undefined.f"]);
  assert.deepEqual(names("from pkg import common as c\n@c.shop_app.function()\ndef f(): pass\n"), ["undefined.f"]);
  assert.deepEqual(names("import common\n@common.cache.function()\ndef f(): pass\n"), []);
});

test("looks into if, try, with and for, and leaves the name open where it depends on them", () => {
  const text = `try:
    import modal
except ImportError:
    modal = None
if modal:
    app = modal.App("a")
    with something():
        @app.function()
        def f(): pass
    if True:
        @app.cls()
        class C:
            @modal.method()
            def m(self): pass
if DEBUG:
    app = modal.App("debug")
@app.function()
def g(): pass
def outer():
    @app.function()
    def inner(): pass
`;
  assert.deepEqual(names(text), ["a.f", "a.C.m", "undefined.g"]);
});

test("takes decorators over several lines, with comments between them, and each branch of a condition", () => {
  const text = `import modal
app = modal.App(
    # the name
    "a",
    image=modal.Image.debian_slim().pip_install(
        "x",
    ),
)
@app.function(
    cpu=2,
    secrets=[modal.Secret.from_name("s")],  # why
    name=(
        "shown"
    ),
)
# between
@decorate(lambda f: f)
async def f(
    x: int,  # the number
    *,
    y: str = "(",
) -> dict[str, int]: pass
if WINDOWS:
    @app.function()
    def g(): pass
else:
    @app.function()
    def g(x): pass
class Outer:
    @app.cls()
    class Inner:
        @modal.method()
        def m(self): pass
    @staticmethod
    @app.function()
    def h(): pass
`;
  const found = scan(text);
  assert.deepEqual(
    found.map(({ appName, functionName, parameters }) => [appName, functionName, parameters.length]),
    [
      ["a", "shown", 2],
      ["a", "g", 0],
      ["a", "g", 1],
    ],
  );
  assert.equal(text.slice(found[0]?.signatureTo).split("\n")[0], ": pass");
});

test("takes a batched method of a class for a method, as Modal does", () => {
  const text = `import modal
app = modal.App("a")
@app.cls()
class C:
    @modal.batched(max_batch_size=4, wait_ms=100)
    def m(self, xs: list[int]): pass
`;
  assert.deepEqual(names(text), ["a.C.m"]);
});

test("tells HTTP endpoints and local entrypoints from functions, also among stacked decorators", () => {
  const text = `import modal
from modal import fastapi_endpoint as endpoint, asgi_app
app = modal.App("site")
@app.function(min_containers=1)
@modal.concurrent(max_inputs=10)
@endpoint(method="POST")
def post(item: dict): pass
@cached
@app.function()
@asgi_app()
def site(): pass
@app.cls()
class Api:
    @modal.web_server(8000)
    def serve(self): pass
    @modal.method()
    def plain(self): pass
@app.local_entrypoint()
async def main(count: int = 3): pass
@app.local_entrypoint(name="other")
def second(): pass
`;
  assert.deepEqual(
    scan(text).map(({ kind, functionName, qualifiedName }) => [kind, functionName, qualifiedName]),
    [
      ["webEndpoint", "post", "post"],
      ["webEndpoint", "site", "site"],
      ["webEndpoint", "Api.serve", "Api.serve"],
      ["function", "Api.plain", "Api.plain"],
      ["localEntrypoint", "main", "main"],
      ["localEntrypoint", "other", "second"],
    ],
  );
  assert.equal(text.slice(scan(text)[1]?.from).split("\n")[0], "@cached");
});

test("a text without any of the decorators is not parsed", () => {
  assert.equal(mayHaveFunctions("import modal\nprint(modal)"), false);
  assert.equal(mayHaveFunctions("from .common import app\n@app . function(\n)\ndef f(): pass"), true);
});

test("ignores what Modal would not take as a function", () => {
  assert.deepEqual(names('import modal\napp = modal.App("a")\n@app.function\ndef f(): pass'), []);
  assert.deepEqual(names('import modal\napp = modal.App("a")\napp = Flask()\n@app.function()\ndef f(): pass'), []);
  assert.deepEqual(
    names('import modal\napp = modal.App("a")\n@app.cls()\nclass C:\n    @app.function()\n    def m(self): pass'),
    [],
  );
  assert.deepEqual(names('import flask\napp = flask.App("a")\n@app.function()\ndef f(): pass'), []);
  assert.deepEqual(names('# import modal\napp = modal.App("a")\ns = """\n@app.function()\ndef f(): pass\n"""'), []);
  assert.deepEqual(names(""), []);
});

test("survives a text that is being typed", () => {
  assert.deepEqual(names('import modal\napp = modal.App("a")\n@app.function()\ndef f(x, \n'), ["a.f"]);
});

test("sees generators and async functions", () => {
  const text = `import modal
app = modal.App("a")
@app.function()
async def f():
    for i in range(3):
        yield i
@app.function()
def g():
    def inner():
        yield 1
    return list(inner())
@app.function()
def h():
    x = yield
`;
  assert.deepEqual(
    scan(text).map(({ functionName, isGenerator }) => ({ functionName, isGenerator })),
    [
      { functionName: "f", isGenerator: true },
      { functionName: "g", isGenerator: false },
      { functionName: "h", isGenerator: true },
    ],
  );
});

test("reads parameters with types and defaults", () => {
  const text =
    'import modal\napp = modal.App("a")\n@app.function()\ndef f(a, /, b: list[int] = [1, 2], *rest, c: str, d=None, **more): pass';
  assert.deepEqual(scan(text)[0]?.parameters, [
    { name: "a", kind: "positional", annotation: undefined, default: undefined },
    { name: "b", kind: "positional", annotation: "list[int]", default: "[1, 2]" },
    { name: "rest", kind: "var_positional", annotation: undefined, default: undefined },
    { name: "c", kind: "keyword", annotation: "str", default: undefined },
    { name: "d", kind: "keyword", annotation: undefined, default: "None" },
    { name: "more", kind: "var_keyword", annotation: undefined, default: undefined },
  ]);
  assert.equal(
    parametersText(scan(text)[0]?.parameters ?? []),
    "a, b: list[int] = [1, 2], *rest, c: str, d = None, **more",
  );
});

test("an edited tree equals one that is parsed anew", () => {
  const filler = Array.from({ length: 200 }, (_, i) => `def helper_${i}(x):\n    return x + ${i}\n`).join("\n");
  const start = `import modal\napp = modal.App("a")\n${filler}\n@app.function()\ndef f(): pass\n`;
  const tree = new PythonTree(start);
  tree.edit([{ offset: start.length, length: 0, text: "\n@app.function()\nasync def g(): pass\n" }]);
  tree.edit([
    { offset: start.indexOf('"a"'), length: 3, text: '"renamed"' },
    { offset: 0, length: 0, text: "# top\n" },
  ]);
  assert.deepEqual(scanFunctions(tree.text, tree.tree), scan(tree.text));
  assert.deepEqual(names(tree.text), ["renamed.f", "renamed.g"]);
});
