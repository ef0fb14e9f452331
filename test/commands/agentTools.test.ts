import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { test } from "node:test";
import type * as vscode from "vscode";
import { toolNames } from "../../src/agents/toolNames.ts";
import type { Services } from "../../src/commands/services.ts";
import { fakeVscode } from "./fakeVscode.ts";

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier !== "vscode") return next(specifier, context);
    return { url: new URL("./fakeVscode.ts", import.meta.url).href, shortCircuit: true };
  },
});
const { registerAgentTools } = await import("../../src/commands/agentTools.ts");

const services = {
  targets: {
    all: [{ id: "local", name: "Local" }],
    current: { targetId: "local", environmentName: "" },
    find: async () => ({ id: "local", name: "Local" }),
    modal: async () => ({ apps: { list: async () => [] } }),
    refresh: async () => undefined,
  },
  history: { find: () => undefined },
} as unknown as Services;

const token = { onCancellationRequested: () => ({ dispose: () => undefined }) } as unknown as vscode.CancellationToken;

function invoke(name: string, input: object) {
  const tool = fakeVscode.tools.get(name) ?? assert.fail(name);
  return tool.invoke({ input, toolInvocationToken: undefined }, token);
}

test("every tool is registered until the extension ends, answers in text, and asks before it costs", async () => {
  const registration = registerAgentTools(services);
  assert.deepEqual([...fakeVscode.tools.keys()], [...toolNames]);
  const result = await invoke("spawnpoint_list_functions", {});
  assert.match(JSON.stringify(result?.content), /Target: Local\. All targets: Local\.\\nNo app is deployed here/);

  const tool = fakeVscode.tools.get("spawnpoint_call_function") ?? assert.fail();
  const input = { app: "app", function: "square", args: ["```"] };
  const prepared = await tool.prepareInvocation?.({ input }, token);
  assert.equal(prepared?.confirmationMessages?.title, "Call square?");
  const message = prepared?.confirmationMessages?.message as vscode.MarkdownString;
  assert.match(message.value, /square of the app "app" will run as it is deployed on this machine/);
  assert.match(message.value, /<json>/);

  const long = await tool.prepareInvocation?.({ input: { ...input, args: ["x".repeat(1_000_000)] } }, token);
  const question = long?.confirmationMessages?.message as vscode.MarkdownString;
  assert.ok(question.value.length < 5_000);
  assert.match(question.value, /\[cut: the first 4000 of \d+ characters\]$/);

  registration.dispose();
  assert.equal(fakeVscode.tools.size, 0);
});

test("nothing is registered where VS Code has no language models, and nothing runs while it is turned off", async () => {
  fakeVscode.hasChat = false;
  registerAgentTools(services).dispose();
  assert.equal(fakeVscode.tools.size, 0);
  fakeVscode.hasChat = true;
  const registration = registerAgentTools(services);
  fakeVscode.settings.set("spawnpoint.agentTools.enabled", false);
  await assert.rejects(async () => invoke("spawnpoint_list_functions", {}), /turned these tools off by the setting/);
  registration.dispose();
});
