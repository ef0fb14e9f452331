import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Conversation } from "../interop/official/conversation.ts";
import { EngineHarness, until } from "./engineHarness.ts";

/** What Modal's clients deploy, run by a container that says what Modal's runtime said: from the client's request to its answer. */

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** An interpreter that has a package as Modal's, whose runtime is a recorded conversation. */
async function interpreterWithModal(t: TestContext, conversation: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "spawnpoint-package-"));
  t.after(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "modal"));
  await mkdir(join(folder, "modal-1.5.4.dist-info"));
  await writeFile(
    join(folder, "modal-1.5.4.dist-info", "METADATA"),
    "Metadata-Version: 2.1\nName: modal\nVersion: 1.5.4\n",
  );
  await writeFile(join(folder, "modal", "__init__.py"), "");
  const command = JSON.stringify([process.execPath, here("recordedRuntime.ts")]);
  await writeFile(
    join(folder, "modal", "_container_entrypoint.py"),
    `import os\ncommand = ${command}\nos.execv(command[0], command)\n`,
  );
  process.env.PYTHONPATH = folder;
  process.env.CONVERSATION = here(`conversations/${conversation}.json`);
}

test("a function that Modal's client deploys runs in Modal's runtime where the interpreter has it", async (t) => {
  await interpreterWithModal(t, "square");
  const harness = await EngineHarness.start(t, ["--runtime", "automatic"]);
  await new Conversation(harness.service()).replay("deploy");
  const modal = harness.modal();
  const price = modal.functions.fromName("shop", "price");
  assert.equal(await price.remote([4]), 16);
  assert.equal(await price.remote([5]), 25);
  const { appId } = await harness.service().appGetByDeploymentName({ name: "shop" });
  const printed = async () => {
    const { batches } = await harness.service().appFetchLogs({ appId, limit: 1_000 });
    return batches.flatMap(({ items }) => items.map(({ data }) => data)).join("");
  };
  await until("all is in the logs", async () => (await printed()).includes("squaring 5"));
  const line = (await printed()).split("\n").find((text) => text.startsWith("ContainerArguments "));
  const { functionDef, appLayout, environmentName } = JSON.parse(line?.slice("ContainerArguments ".length) ?? "{}");
  assert.deepEqual([functionDef.functionName, functionDef.moduleName, environmentName], ["price", "shop", "main"]);
  const objects = appLayout.objects.map(({ objectId }: { objectId: string }) => objectId);
  const ids = [...Object.values(appLayout.functionIds), ...Object.values(appLayout.classIds)];
  const named = functionDef.objectDependencies.map(({ objectId }: { objectId: string }) => objectId);
  for (const id of [...ids, ...named]) assert.ok(objects.includes(id), `the layout says of ${id}`);
});

test("told so, the engine runs it in its own worker", async (t) => {
  await interpreterWithModal(t, "square");
  const harness = await EngineHarness.start(t, ["--runtime", "builtIn"]);
  await new Conversation(harness.service()).replay("deploy");
  assert.equal(await harness.modal().functions.fromName("shop", "price").remote([4]), "8 EUR");
});
