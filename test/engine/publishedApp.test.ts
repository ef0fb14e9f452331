import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { create } from "@bufbuild/protobuf";
import { describePublished } from "../../src/engine/deploy/publishedApp.ts";
import { FunctionSchema$ } from "../../src/proto/gen/modal_pb.js";

const folders = { scripts: fileURLToPath(new URL("../../src/python", import.meta.url)), data: undefined };

const SOURCE = `import modal

app = modal.App("shop")


@app.function()
def price(x):
    """What it costs."""
    return x


@app.cls()
class Model:
    @modal.method()
    def predict(self):
        pass
`;

async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** Describes the functions of `pack.shop`, whose mounts have its source, as deployed from a file with another one. */
async function described(t: TestContext, ownSource: string) {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-published-"));
  t.after(() => rm(folder, { recursive: true }));
  await write(join(folder, "root"), { "pack/shop.py": SOURCE });
  await write(join(folder, "own"), { "pack/__init__.py": "", "pack/shop.py": ownSource });
  const moduleName = "pack.shop";
  const functions = [
    { functionName: "price", implementationName: "price", moduleName },
    { functionName: "made", implementationName: "maker.<locals>.made", moduleName },
    { functionName: "Model.*", moduleName, isClass: true, methodDefinitions: { predict: {} } },
  ].map((message) => ({
    ...{ name: message.functionName, definitionId: "de-1", variables: undefined },
    message: create(FunctionSchema$, message),
  }));
  const mounted = { name: "shop", functions, root: join(folder, "root"), tree: "tree" };
  const by = { version: "1.5.4", python: "python3", deployedPath: join(folder, "own/pack/shop.py") };
  const { apps, sources } = await describePublished(mounted, by, folders);
  const [app] = apps;
  assert.deepEqual([app?.runtime, app?.modal_version], ["modal", "1.5.4"]);
  assert.deepEqual(
    sources.map(({ module, source }) => [module, source]),
    [[moduleName, SOURCE]],
  );
  const callables = (app?.functions ?? []).flatMap((fn) => [fn, ...(fn.cls?.methods ?? [])]);
  return callables.map(({ name, path, line, end_line }) => [name, path.slice(folder.length + 1), line, end_line]);
}

test("what Modal's package has deployed stands in the user's own file, at its lines", async (t) => {
  const file = "own/pack/shop.py";
  assert.deepEqual(await described(t, SOURCE), [
    ["Model.*", file, 12, 16],
    ["predict", file, 14, 16],
    ["made", file, 0, 0],
    ["price", file, 6, 9],
  ]);
});

test("where the user's file is another one by now, it stands in the copy that runs", async (t) => {
  const places = await described(t, `${SOURCE}# Changed.\n`);
  assert.deepEqual(places.at(-1), ["price", "root/pack/shop.py", 6, 9]);
});
