import assert from "node:assert/strict";
import { test } from "node:test";
import { commandTable } from "../../src/commands/table.ts";
import { scanFunctions } from "../../src/editor/functionScan.ts";
import { lensCommands } from "../../src/editor/lensCommands.ts";
import { PythonTree } from "../../src/editor/pythonTree.ts";

const text = `import modal
app = modal.App("shop")
@app.function(name="renamed")
def f(): pass
@app.function()
@modal.asgi_app()
def site(): pass
@app.local_entrypoint()
def main(): pass
@app.function()
def numbers(): yield 1
`;

test("a function has every way to call it, each with a command that exists", () => {
  const [f] = scanFunctions(text, new PythonTree(text).tree);
  assert.ok(f);
  const lenses = lensCommands("/w/shop.py", f);
  assert.deepEqual(
    lenses.map(({ title }) => title),
    ["$(play) Run", "Spawn", "Map", "Run in Python", "Debug"],
  );
  for (const { command, arguments: given } of lenses) {
    assert.ok(command in commandTable, command);
    const names = { appName: "shop", functionName: "renamed", qualifiedName: "f" };
    assert.deepEqual(given, [{ path: "/w/shop.py", ...names }]);
  }
});

test("a web endpoint is opened, and a local entrypoint is run", () => {
  const [, site, main] = scanFunctions(text, new PythonTree(text).tree);
  assert.ok(site && main);
  const commands = [site, main].map((fn) => lensCommands("/w/shop.py", fn).map(({ command }) => command));
  assert.deepEqual(commands, [["spawnpoint.openWebUrl"], ["spawnpoint.runEntrypoint"]]);
  for (const command of commands.flat()) assert.ok(command in commandTable, command);
});

test("a generator is not mapped", () => {
  const numbers = scanFunctions(text, new PythonTree(text).tree).find(({ isGenerator }) => isGenerator);
  assert.ok(numbers);
  assert.deepEqual(
    lensCommands("/w/shop.py", numbers).map(({ title }) => title),
    ["$(play) Run", "Spawn", "Run in Python", "Debug"],
  );
});
