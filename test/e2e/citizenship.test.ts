import assert from "node:assert/strict";
import { stat, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { extensionPath } from "../../scripts/vsix.ts";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp },
  settings: {
    "security.workspace.trust.enabled": true,
    "security.workspace.trust.startupPrompt": "never",
    "workbench.editor.useModal": "off",
  },
  keys: [{ key: "ctrl+alt+8", command: "spawnpoint.deployApp" }],
});

test("the packed extension is under 2 MB", async () => {
  const { size } = await stat(extensionPath);
  assert.ok(size < 2_000_000, `${size} bytes`);
});

test("nothing of an untrusted workspace is run, by a key of the user either, until it is trusted from a message or the explorer", async () => {
  const { page } = workbench();
  await workbench().openFile("arithmetic.py");
  await workbench().editorLine("def square").click();
  await page.keyboard.press("Control+Alt+8");
  const message = workbench().notification("This workspace is not trusted, so nothing of it is run; trust it first.");
  await message.getByText("Manage Workspace Trust").click();
  assert.equal(await workbench().codeLens("Run").count(), 0);
  assert.equal(await workbench().enginePid(), undefined);
  const trust = page.locator(".workspace-trust-editor").getByRole("button", { name: "Trust", exact: true });
  await trust.waitFor();
  await workbench().runCommand("View: Close Editor");
  await workbench().showSidebar();
  const welcome = page.locator(".sidebar", {
    hasText: "This workspace is not trusted, so nothing of it is deployed or run.",
  });
  await welcome.getByRole("button", { name: "Manage Workspace Trust" }).click();
  await trust.click();
  await page.locator('.tab[data-resource-name="arithmetic.py"]').click();
  await workbench().codeLens("Run").first().waitFor();
  await workbench().deploy("arithmetic.py");
});

test("the walkthrough begins with a sample, without an account, and each step offers what it is about", async () => {
  const { page } = workbench();
  const walkthrough = page.locator(".gettingStartedContainer", { hasText: "Get Started with Spawnpoint" });
  const step = async (id: string, button: string) => {
    await workbench().runCommand("Spawnpoint: Get Started");
    const row = walkthrough.locator(`.getting-started-step[data-step-id$="#${id}"]`);
    // The command draws the walkthrough anew, with its first step unfolded: what was unfolded a moment ago may fold.
    const clicked = () => row.getByRole("button", { name: button, exact: true }).click({ timeout: 2_000 });
    await workbench().insist(`The step "${id}" does not unfold`, clicked, () => row.click());
  };
  const leave = async (title: string) => {
    await page.locator(".quick-input-widget:visible", { hasText: title }).waitFor();
    await page.keyboard.press("Escape");
  };
  await step("sample", "Open Samples");
  await workbench().pick("slow");
  await page.locator('.tab.active[data-resource-name="slow.py"]').waitFor();
  await step("run", "Run");
  await leave("square");
  await step("map", "Map");
  await leave("square");
  await step("panel", "Show Call");
  await leave("Enter the id of a call…");
  await step("cancel", "Cancel Call");
  await leave("Enter the id of a call…");
  await step("signIn", "Sign In with a Token");
  await leave("Sign In to Modal");
  await step("signIn", "Select Target");
  await leave("Select Target");
});

test("a configuration file of Modal that cannot be read is told where accounts are chosen, and the engine stays", async () => {
  await writeFile(workbench().file("../modal.toml"), "[broken\ntoken_id = 1\n");
  await workbench().runCommand("Spawnpoint: Select Target");
  await workbench().page.locator(".quick-input-list", { hasText: "configuration file cannot be read" }).waitFor();
  await workbench().pick("the engine on this machine");
});

test("a second window, which trusts nothing yet, sees what the first one has deployed", async () => {
  const other = (await workbench().page.context().browser()?.newPage()) ?? assert.fail("The browser is gone.");
  other.setDefaultTimeout(120_000); // A whole VS Code is loaded.
  await other.goto(workbench().page.url());
  await other.getByRole("tab", { name: "Spawnpoint" }).first().click();
  await other.locator(".sidebar").getByRole("treeitem").filter({ hasText: "arithmetic" }).first().waitFor();
  await other.close();
});
