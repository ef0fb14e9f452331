import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type * as vscode from "vscode";
import type { AgentCall, AgentServices } from "../../src/agents/agentTool.ts";
import { ConnectedApi } from "../../src/api/connectedApi.ts";
import type { LazyTarget } from "../../src/targets/lazyTarget.ts";
import { EngineHarness, until } from "../engine/engineHarness.ts";

const rootFolder = join(import.meta.dirname, "..", "..");

const SOURCE = `import time
from pathlib import Path
import modal
app = modal.App("api")

@app.function()
def square(x: int, *, plus: int = 0) -> int:
    return x * x + plus

@app.cls()
class Scale:
    factor: int = modal.parameter()

    @modal.method()
    def weigh(self, mass: int) -> int:
        return self.factor * mass

@app.function()
def wait(path):
    while not Path(path).exists():
        time.sleep(0.01)
    return "done"
`;

/** A token that the test cancels. */
class FakeToken implements vscode.CancellationToken {
  isCancellationRequested = false;
  #listeners: (() => void)[] = [];
  readonly onCancellationRequested = (listener: (event: unknown) => unknown) => {
    this.#listeners.push(() => listener(undefined));
    return { dispose: () => (this.#listeners = []) };
  };

  cancel(): void {
    this.isCancellationRequested = true;
    for (const listener of this.#listeners) listener();
  }
}

async function connect(t: TestContext, isTrusted = true) {
  const harness = await EngineHarness.start(t);
  await harness.deploy(SOURCE);
  const modal = harness.modal();
  const local = { id: "local", name: "Local" } as LazyTarget;
  const calls: AgentCall[] = [];
  const services: AgentServices = {
    targets: {
      all: [local],
      current: { targetId: "local", environmentName: "" },
      find: async () => local,
      modal: async () => modal,
      refresh: async () => undefined,
    },
    history: { find: () => undefined },
    isTrusted,
    remember: async (call) => calls.push(call),
  };
  const onDidChangeTargets = () => ({ dispose: () => undefined });
  return { api: new ConnectedApi({ services: () => services, onDidChangeTargets }), calls, harness, modal };
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const value of values) found.push(value);
  return found;
}

test("targets and functions are listed, and a function is called, spawned and mapped by name", async (t) => {
  const { api, calls } = await connect(t);
  assert.deepEqual(await api.getTargets(), [{ id: "local", name: "Local", isCurrent: true }]);
  const place = { targetId: "local", environmentName: "" };
  const functions = await api.getFunctions();
  assert.deepEqual(
    functions.toSorted((a, b) => a.functionName.localeCompare(b.functionName)),
    [
      { ...place, appName: "api", functionName: "Scale.weigh" },
      { ...place, appName: "api", functionName: "square" },
      { ...place, appName: "api", functionName: "wait" },
    ],
  );
  const square = { appName: "api", functionName: "square" };
  assert.equal(await api.call(square, { args: [7], kwargs: { plus: 1 } }), 50);
  const weigh = { appName: "api", functionName: "Scale.weigh", parameters: { factor: 3 } };
  assert.equal(await api.call(weigh, { args: [4] }), 12);
  assert.deepEqual(await all(api.getResults(await api.spawn(square, { args: [3] }))), [9]);
  assert.deepEqual(await all(api.getResults(await api.map(square, [1, 2, 3]))), [1, 4, 9]);
  assert.deepEqual(
    calls.map(({ kind, functionName }) => `${kind} ${functionName}`),
    ["run square", "run Scale.weigh", "spawn square", "map square"],
  );
});

test("a token cancels a call that waits, and ends the reading of results without ending the call", async (t) => {
  const { api, calls, harness, modal } = await connect(t);
  const path = join(harness.folder, "go");
  const wait = { appName: "api", functionName: "wait" };
  const token = new FakeToken();
  const waiting = assert.rejects(api.call(wait, { args: [path] }, token), { name: "Canceled" });
  await until("the call is made", async () => calls.length === 1);
  token.cancel();
  await waiting;
  const info = () => modal.calls.fromId(calls[0]?.functionCallId ?? "").info();
  await until("the call is cancelled", async () => (await info()).pendingInputs === 0);

  const spawned = await api.spawn(wait, { args: [path] });
  const reading = new FakeToken();
  const read = assert.rejects(all(api.getResults(spawned, reading)), { name: "Canceled" });
  reading.cancel();
  await read;
  await writeFile(path, "");
  assert.deepEqual(await all(api.getResults(spawned)), ["done"]);
});

test("what does not exist is told, and nothing is called in a workspace that is not trusted", async (t) => {
  const { api } = await connect(t);
  await assert.rejects(api.call({ appName: "api", functionName: "cube" }), /has no function "cube"; its functions are/);
  const untrusted = await connect(t, false);
  await assert.rejects(untrusted.api.spawn({ appName: "api", functionName: "square" }), /not trusted/);
  assert.equal(untrusted.calls.length, 0);
});

test("the example of the documentation is the one that is type-checked", async () => {
  const page = await readFile(join(rootFolder, "docs", "extension-api.md"), "utf8");
  const example = await readFile(join(import.meta.dirname, "example.ts"), "utf8");
  const [, shown] = page.match(/```ts\n(.*?)```/s) ?? [];
  assert.equal(shown, example.replace("../../src/api/extensionApi.ts", "spawnpoint/extension-api"));
  const types = await readFile(join(rootFolder, "src", "api", "extensionApi.ts"), "utf8");
  const members = types.slice(types.indexOf("interface SpawnpointApi")).matchAll(/^ {2}(?:readonly )?(\w+)[(:]/gm);
  for (const [, name = ""] of members) assert.ok(page.includes(`| \`${name}`), name);
});
