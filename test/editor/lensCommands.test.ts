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
