import assert from "node:assert/strict";
import { test } from "node:test";
import { toolNames } from "../../src/agents/toolNames.ts";
import { toolTable } from "../../src/agents/toolTable.ts";
import { readManifest } from "../extension/manifest.ts";

const { contributes } = readManifest<{ contributes: { languageModelTools: unknown } }>();

test("package.json lists every tool as the code has it", () => {
  const expected = toolNames.map((name) => {
    const { displayName, referenceName, icon, userDescription, modelDescription, inputSchema } = toolTable[name];
    return {
      name,
      displayName,
      toolReferenceName: referenceName,
      canBeReferencedInPrompt: true,
      icon,
      userDescription,
      modelDescription,
      when: "config.spawnpoint.agentTools.enabled",
      tags: ["modal", "spawnpoint"],
      inputSchema,
    };
  });
  assert.deepEqual(contributes.languageModelTools, expected);
});

test("exactly the tools that cost or change something ask first", () => {
  const asking = toolNames.filter((name) => toolTable[name].confirm);
  assert.deepEqual(asking, [
    "spawnpoint_call_function",
    "spawnpoint_spawn_function",
    "spawnpoint_map_function",
    "spawnpoint_cancel_call",
  ]);
});
