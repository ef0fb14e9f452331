import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp },
  deployed: ["arithmetic.py"],
});

test("a map outlives the engine: killed in the middle, it is finished by the next one", async () => {
  await workbench().runCommand("Spawnpoint: Map");
  await workbench().pick("wait");
  await workbench().pick("Type inputs");
  await workbench().answer(/Inputs of wait/, JSON.stringify(Array(40).fill(1)));
  const panel = workbench().callPanel;
  await panel.locator(".result-row").nth(2).waitFor();
  await panel.locator(".call-headline", { hasText: "Running" }).waitFor();
  const killed = await workbench().enginePid();
  await workbench().killEngine();
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await panel.locator("vscode-tab-header", { hasText: "Results" }).getByText("40").waitFor();
  assert.notEqual(await workbench().enginePid(), killed);
});

test("after a reload of the window the panel and the call in the side bar are there again", async () => {
  await workbench().reload();
  await workbench().callPanel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await workbench().callPanel.locator("vscode-tab-header", { hasText: "Results" }).getByText("40").waitFor();
  await workbench().showSidebar();
  await workbench().unfold(workbench().treeItem("wait"));
  await workbench().treeItem("40 succeeded").waitFor();
});
