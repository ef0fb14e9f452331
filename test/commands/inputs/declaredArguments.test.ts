import assert from "node:assert/strict";
import { test } from "node:test";
import type { DeclaredFunction } from "../../../src/commands/choose/chooseDeclaration.ts";
import { declaredSignature } from "../../../src/commands/inputs/declaredSignature.ts";
import { entrypointSignature, entrypointWords } from "../../../src/commands/inputs/entrypointArguments.ts";
import { scanFunctions } from "../../../src/editor/functionScan.ts";
import { PythonTree } from "../../../src/editor/pythonTree.ts";
import { parseArguments } from "../../../src/inputs/callArguments.ts";

/** The last function of a text. */
function declared(text: string): DeclaredFunction {
  const source = `import modal\napp = modal.App("a")\n${text}`;
  const declaration = scanFunctions(source, new PythonTree(source).tree).at(-1) ?? assert.fail("no function");
  return { ...declaration, path: "/w/a.py", appName: "a" };
}

test("what a function takes is read from its file: names, types and the defaults that are literals", () => {
  const { title, fields, parameters } = declaredSignature(
    declared("@app.function()\ndef f(x: int, names: list[str] = ['a'], *, scale=SCALE, who='me'): pass\n"),
  );
  assert.equal(title, "f(x: int, names: list[str] = ['a'], scale = SCALE, who = 'me')");
  assert.deepEqual(fields, [
    { name: "x", type: { base: "int", sub: [] }, hasDefault: false },
    { name: "names", type: { base: "list", sub: [{ base: "str", sub: [] }] }, hasDefault: true, default: ["a"] },
    { name: "scale", type: { base: "unknown", sub: [] }, hasDefault: true },
    { name: "who", type: { base: "unknown", sub: [] }, hasDefault: true, default: "me" },
  ]);
  assert.deepEqual(parameters, []);
});

test("no form is offered for a function that takes any number of arguments", () => {
  assert.equal(declaredSignature(declared("@app.function()\ndef f(x, *rest): pass\n")).fields, undefined);
  assert.equal(declaredSignature(declared("@app.function()\ndef f(x, **rest): pass\n")).fields, undefined);
});

test("a method is asked for with the parameters of its class", () => {
  const { className, fields, parameters } = declaredSignature(
    declared(
      "@app.cls()\nclass Till:\n    currency: str = modal.parameter(default='EUR')\n    @modal.method()\n    def add(self, price: float): pass\n",
    ),
  );
  assert.equal(className, "Till");
  assert.deepEqual(fields, [{ name: "price", type: { base: "float", sub: [] }, hasDefault: false }]);
  assert.deepEqual(parameters, [
    { name: "currency", type: { base: "str", sub: [] }, hasDefault: true, default: "EUR" },
  ]);
});

test("a local entrypoint takes text, numbers and booleans, as on a command line", () => {
  const { title, fields } = entrypointSignature(
    declared(
      "@app.local_entrypoint()\ndef main(name, when: datetime, times: Optional[int] = None, p: float | None = 0.5, dry: bool = False): pass\n",
    ),
  );
  assert.match(title, /^main\(name, when: datetime, /);
  assert.deepEqual(
    fields?.map(({ name, type, hasDefault }) => [name, type.base, hasDefault]),
    [
      ["name", "str", false],
      ["when", "str", false],
      ["times", "int", true],
      ["p", "float", true],
      ["dry", "bool", true],
    ],
  );
});

test("arguments become the words of a command line, whatever is in them", () => {
  const { parameters } = declared(
    "@app.local_entrypoint()\ndef main(name: str, num_times: int = 1, dry: bool = False): pass\n",
  );
  const words = (text: string) => entrypointWords(parseArguments(text), parameters);
  assert.deepEqual(words('{"name": "--a \\"b\\"", "num_times": -3, "dry": true}'), [
    '--name=--a "b"',
    "--num-times=-3",
    "--dry",
  ]);
  assert.deepEqual(words('["Ada", 12345678901234567890, false]'), [
    "--name=Ada",
    "--num-times=12345678901234567890",
    "--no-dry",
  ]);
  assert.deepEqual(words('{"name": "", "num_times": null}'), ["--name="]);
});

test("an entrypoint of any number of arguments is given them as words", () => {
  const { parameters } = declared("@app.local_entrypoint()\ndef main(*words): pass\n");
  assert.deepEqual(entrypointWords(parseArguments('["a b", 3, "--x"]'), parameters), ["a b", "3", "--x"]);
});
