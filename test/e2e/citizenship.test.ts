import assert from "node:assert/strict";
import { stat } from "node:fs/promises";
import { test } from "node:test";
import { extensionPath } from "../../scripts/vsix.ts";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp },
  modalConfig: "[broken\ntoken_id = 1\n",
  settings: {
    "security.workspace.trust.enabled": true,
    "security.workspace.trust.startupPrompt": "never",
    "workbench.editor.useModal": "off",
  },
  keys: [{ key: "ctrl+alt+8", command: "spawnpoint.deployApp" }],
});

test("the packed extension is under 3 MB", async () => {
  const { size } = await stat(extensionPath);
  assert.ok(size < 3_000_000, `${size} bytes`);
});

test("nothing of an untrusted workspace is run, by a key of the user either, until it is trusted", async () => {
  const { page } = workbench();
  await workbench().openFile("arithmetic.py");
  await workbench().editorLine("def square").click();
  await page.keyboard.press("Control+Alt+8");
  const message = workbench().notification("This workspace is not trusted, so nothing of it is run; trust it first.");
  await message.getByText("Manage Workspace Trust").click();
  assert.equal(await workbench().codeLens("Run").count(), 0);
  assert.equal(await workbench().enginePid(), undefined);
  await page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true }).click();
  await page.locator('.tab[data-resource-name="arithmetic.py"]').click();
  await workbench().codeLens("Run").first().waitFor();
  await workbench().deploy("arithmetic.py");
});

test("the walkthrough begins with a sample, without an account", async () => {
  const { page } = workbench();
  await workbench().runCommand("Spawnpoint: Get Started");
  await page.locator(".gettingStartedContainer", { hasText: "Get Started with Spawnpoint" }).waitFor();
  await page.locator(".gettingStartedContainer").getByRole("button", { name: "Open Samples" }).click();
  await workbench().pick("slow");
  await page.locator('.tab.active[data-resource-name="slow.py"]').waitFor();
});

test("a configuration file of Modal that cannot be read is told where accounts are chosen, and the engine stays", async () => {
  await workbench().runCommand("Spawnpoint: Select Target");
  await workbench().page.locator(".quick-input-list", { hasText: "configuration file cannot be read" }).waitFor();
  await workbench().pick("the engine on this machine");
});

test("a second window, which trusts nothing yet, sees what the first one has deployed", async () => {
  const other = (await workbench().page.context().browser()?.newPage()) ?? assert.fail("The browser is gone.");
  other.setDefaultTimeout(45_000);
  await other.goto(workbench().page.url());
  await other.getByRole("tab", { name: "Spawnpoint" }).first().click();
  await other.locator(".sidebar").getByRole("treeitem").filter({ hasText: "arithmetic" }).first().waitFor();
  await other.close();
});
