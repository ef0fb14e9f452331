import assert from "node:assert/strict";
import { test } from "node:test";
import { type FunctionDeclaration, scanFunctions } from "../../src/editor/functionScan.ts";
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
});

test("understands every way to import modal", () => {
  const use = "\n@app.function()\ndef f(): pass\n";
  assert.deepEqual(names(`import modal as m\napp = m.App("a")${use}`), ["a.f"]);
  assert.deepEqual(names(`from modal import App\napp = App("a")${use}`), ["a.f"]);
  assert.deepEqual(names(`from modal import (Image, App as Application)\napp = Application(name='a')${use}`), ["a.f"]);
  assert.deepEqual(names(`import os, modal\napp: modal.App = modal.App("a", image=None)${use}`), ["a.f"]);
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
  assert.deepEqual([count?.functionName, count?.isGenerator, count?.isAsync], ["Till.count", true, true]);
  assert.equal(text.slice(add?.nameFrom, (add?.nameFrom ?? 0) + 3), "add");
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

test("ignores what Modal would not take as a function", () => {
  assert.deepEqual(names('import modal\napp = modal.App("a")\n@app.local_entrypoint()\ndef main(): pass'), []);
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
    scan(text).map(({ functionName, isAsync, isGenerator }) => ({ functionName, isAsync, isGenerator })),
    [
      { functionName: "f", isAsync: true, isGenerator: true },
      { functionName: "g", isAsync: false, isGenerator: false },
      { functionName: "h", isAsync: false, isGenerator: true },
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
