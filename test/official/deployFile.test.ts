import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { RuntimeChoice } from "../../src/proto/gen/engine_pb.js";
import { RpcError } from "../../src/proto/grpc/rpcError.ts";
import { EngineHarness, until } from "../engine/engineHarness.ts";
import { pythonOutput, skip } from "./modalPackage.ts";

/** The engine deploys a file by Modal's own package, as the editor and `spawnpoint deploy` ask it to. */

const SOURCE = `import sys
import modal

app = modal.App("shop")
stock = modal.App("stock")


@app.function()
def price(x: int, currency: str = "EUR") -> str:
    print("pricing", x)
    return f"{x * 2} {currency} by {'built-in' if 'spawnpoint' in sys.modules else 'modal'} in {sys.executable}"


@app.cls()
class Model:
    size: int = modal.parameter(default=3)

    @modal.method()
    def predict(self, x: int) -> int:
        return x * self.size


@stock.function()
def left():
    return 7
`;

/** The interpreter that has the package, under another path. */
async function anotherInterpreter(harness: EngineHarness): Promise<string> {
  const path = join(harness.folder, "python");
  await symlink(await pythonOutput("-c", "import sys; print(sys.executable)"), path);
  return path;
}

test("every app of a file is deployed, and runs in the interpreter that has deployed it", { skip }, async (t) => {
  const harness = await EngineHarness.start(t, ["--runtime", "automatic"]);
  const path = await harness.write("shop.py", SOURCE);
  const python = await anotherInterpreter(harness);
  const { apps, output } = await harness.engine().deploy({ path, python });
  assert.deepEqual(
    apps.map(({ name, version, runtime }) => [name, version, runtime]),
    [
      ["shop", 1, RuntimeChoice.MODAL],
      ["stock", 1, RuntimeChoice.MODAL],
    ],
  );
  assert.match(output, /Created function price/);
  const places = apps.flatMap(({ functions }) =>
    functions.map(({ name, source }) => [name, source?.path, source?.line]),
  );
  assert.deepEqual(places, [
    ["Model.predict", path, 18],
    ["price", path, 8],
    ["left", path, 23],
  ]);
  const modal = harness.modal();
  assert.equal(await modal.functions.fromName("shop", "price").remote([4]), `8 EUR by modal in ${python}`);
  const model = modal.classes.fromName("shop", "Model").instance({ size: 5 });
  assert.equal(await model.method("predict").remote([4]), 20);
  const again = await harness.engine().deploy({ path, python });
  assert.deepEqual(
    again.apps.map(({ version, unchanged }) => [version, unchanged]),
    [
      [1, true],
      [1, true],
    ],
  );
});

test("the same file goes from one runtime to the other and back", { skip }, async (t) => {
  const harness = await EngineHarness.start(t, ["--runtime", "builtIn"]);
  const path = await harness.write("shop.py", SOURCE);
  const price = async (runtime: RuntimeChoice) => {
    await harness.engine().deploy({ path, python: "python3", runtime });
    return String(await harness.modal().functions.fromName("shop", "price").remote([4]));
  };
  assert.match(await price(RuntimeChoice.AUTOMATIC), /^8 EUR by built-in/);
  assert.match(await price(RuntimeChoice.MODAL), /^8 EUR by modal/);
  assert.match(await price(RuntimeChoice.BUILT_IN), /^8 EUR by built-in/);
});

test("a file at fault is told as by the built-in runtime", { skip }, async (t) => {
  const harness = await EngineHarness.start(t, ["--runtime", "automatic"]);
  const faults = {
    "syntax.py": "import modal\napp = modal.App(\n",
    "missing.py": "import modal\nimport no_such_module\n",
    "no_app.py": "import modal\n",
    "empty.py": 'import modal\napp = modal.App("empty")\n',
    "twice.py":
      'import modal\na = modal.App("a")\nb = modal.App("a")\n@a.function()\ndef f(): ...\n@b.function()\ndef g(): ...\n',
  };
  for (const [name, source] of Object.entries(faults)) {
    const path = await harness.write(name, source);
    const said = await Promise.all(
      [RuntimeChoice.MODAL, RuntimeChoice.BUILT_IN].map(async (runtime) => {
        const failure = await harness
          .engine()
          .deploy({ path, python: "python3", runtime })
          .catch((error: unknown) => error);
        assert.ok(failure instanceof RpcError, name);
        return failure.message;
      }),
    );
    // Where an app is made, the built-in runtime knows its line besides.
    assert.equal(said[0], said[1]?.replace(/^(empty|twice)\.py, line \d+/, "$1.py"));
  }
});

test("a deployment that nobody waits for any more ends with its process", { skip }, async (t) => {
  const harness = await EngineHarness.start(t, ["--runtime", "automatic"]);
  const path = await harness.write("slow.py", 'import modal, time\nopen("begun", "w").close()\ntime.sleep(3_600)\n');
  const controller = new AbortController();
  const deployed = harness.engine().deploy({ path, python: "python3" }, { signal: controller.signal });
  await until("the file is imported", () => existsSync(join(harness.folder, "src", "begun")));
  controller.abort(new Error("No longer."));
  await assert.rejects(deployed, /No longer/);
  await until("its process is gone", async () => (await harness.pythonProcesses()).length === 0);
});
