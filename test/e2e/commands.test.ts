import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { helloEndpoint } from "./helloEndpoint.ts";
import { useWorkbench } from "./workbench.ts";

const shop = `import time

import modal

app = modal.App("shop")


@app.function()
def greet(name: str) -> str:
    return f"Hello, {name}"


@app.function()
def wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@app.function()
@modal.asgi_app()
${helloEndpoint}

@app.local_entrypoint()
def main():
    print("the entrypoint ran")
`;

const workbench = useWorkbench({
  files: { "shop.py": shop },
  deployed: ["shop.py"],
  settings: { "workbench.editor.useModal": "off" },
  modalConfig: "# No profile.\n",
});

async function confirm(button: string): Promise<void> {
  await workbench().page.locator(".monaco-dialog-box").getByRole("button", { name: button }).click();
}

function tab(name: string): Locator {
  return workbench().page.locator(`.tab.active[data-resource-name="${name}"]`);
}

/** A button above the explorer. */
function viewButton(name: string): Locator {
  return workbench().page.locator(".sidebar .title-actions").getByRole("button", { name, exact: true });
}

async function pickFromViewMenu(label: string): Promise<void> {
  await workbench().showSidebar();
  const more = viewButton("Views and More Actions...").or(viewButton("More Actions...")).first();
  await workbench().pickFromMenu(more, label, "left");
}

/** Waits for the box or list with this title, and leaves it. */
async function leaveQuickInput(title: string): Promise<void> {
  const box = workbench().page.locator(".quick-input-widget:visible", { hasText: title });
  await box.waitFor();
  await workbench().page.keyboard.press("Escape");
  await box.waitFor({ state: "hidden" });
}

async function closePanel(): Promise<void> {
  await workbench().page.locator(".panel").getByRole("button", { name: "Hide Panel" }).first().click();
}

/** What a channel of the panel shows. */
function outputLine(text: string | RegExp): Locator {
  return workbench().page.locator(".panel .view-line", { hasText: text }).first();
}

test("from the palette, commands about a function ask which one", async () => {
  await workbench().runCommand("Spawnpoint: Go to Definition");
  await workbench().pick("wait");
  await workbench().page.locator(".statusbar").getByText("Ln 13, Col 1").waitFor();
  await workbench().runCommand("Spawnpoint: Peek Definition");
  await workbench().pick("greet");
  await workbench().page.locator(".peekview-widget").getByText("shop.py").first().waitFor();
  await workbench().page.keyboard.press("Escape");
  await workbench().runCommand("Spawnpoint: Keep Warm…");
  await workbench().pick("greet");
  await workbench().answer("How many containers run also", "1");
  await workbench().notification("Autoscaler of greet: min_containers=1").waitFor();
  await workbench().clearNotifications();
  await workbench().runCommand("Spawnpoint: Update Autoscaler…");
  await workbench().pick("greet");
  await workbench().answer("Until the app is deployed again", "min_containers=0");
  await workbench().notification("min_containers=0").waitFor();
  await workbench().clearNotifications();
});

test("from the palette, commands about a declaration take those of the file in front", async () => {
  await workbench().openFile("shop.py");
  await workbench().runCommand("Spawnpoint: Debug");
  await workbench().notification("Debugging needs the Python Debugger extension").waitFor();
  await workbench().clearNotifications();
  await workbench().runCommand("Spawnpoint: Run Local Entrypoint");
  await workbench().pick("main");
  await workbench().page.locator(".terminal-wrapper").first().waitFor();
  await workbench().page.locator(".terminal-tab, .single-terminal-tab", { hasText: "main" }).first().waitFor();
  await closePanel();
  const opened = workbench().page.context().waitForEvent("page", { timeout: 120_000 });
  await workbench().runCommand("Spawnpoint: Open Web URL");
  await workbench().pick("hello");
  await (await opened).getByText("hello from a container").waitFor();
  await (await opened).close();
});

test("from the palette, commands about a call ask which one", async () => {
  await workbench().runCommand("Spawnpoint: Spawn");
  await workbench().pick("wait");
  await workbench().answer(/Arguments of wait/, "[3600]");
  await workbench().notification("Spawned wait").waitFor();
  await workbench().clearNotifications();
  await workbench().runCommand("Spawnpoint: Show Call");
  await workbench().pick("wait");
  await workbench().callPanel.locator(".call-headline", { hasText: "Running" }).waitFor();
  await workbench().runCommand("Spawnpoint: Cancel Call and Terminate Containers");
  await workbench().pick("wait");
  await workbench().callPanel.locator(".call-headline", { hasText: "Cancelled" }).waitFor();
});

test("from the palette, two calls are picked and compared, and a result opens in the comparison of texts", async () => {
  const { page } = workbench();
  for (const name of ["Ada", "Bob"]) {
    await workbench().runCommand("Spawnpoint: Run");
    await workbench().pick("greet");
    await workbench().answer(/Arguments of greet/, `["${name}"]`);
    await workbench().callPanel.getByText(`Hello, ${name}`).first().waitFor();
  }
  await workbench().runCommand("View: Close All Editors"); // The page of the comparison is to be the only one.
  const asks = (question: RegExp) =>
    page.locator(".quick-input-widget:visible").filter({ has: page.getByPlaceholder(question) });
  const call = (place: number) => page.locator(".quick-input-list .monaco-list-row", { hasText: "greet" }).nth(place);
  await workbench().runCommand("Spawnpoint: Compare Calls…");
  await asks(/on the left/).waitFor();
  await call(1).click();
  await asks(/on the right/).waitFor();
  await call(0).click();
  const panel = workbench().callPanel;
  await panel.getByRole("button", { name: "Different 1" }).waitFor();
  await panel.locator("#compared-0").click();
  await panel.locator(".difference-left", { hasText: "Hello, Ada" }).waitFor();
  await panel.locator(".difference-right", { hasText: "Hello, Bob" }).waitFor();
  await panel.getByRole("button", { name: "Open Differences" }).click();
  await page.locator(".tab.active", { hasText: "greet ↔ greet" }).waitFor();
  for (const name of ["Ada", "Bob"]) await page.locator(".view-line", { hasText: name }).first().waitFor();
});

test("from the palette, what stands beside the functions opens: samples, settings, files and outputs", async () => {
  await workbench().runCommand("Spawnpoint: Open Samples");
  await workbench().pick("slow");
  await tab("slow.py").waitFor();
  await workbench().runCommand("Spawnpoint: Select Interpreter");
  await workbench().page.locator(".settings-editor").getByText("Python Path").first().waitFor();
  await workbench().runCommand("Spawnpoint: Open Modal Configuration File");
  await tab("modal.toml").waitFor();
  await workbench().runCommand("Spawnpoint: Show Engine Log");
  await tab("engine.log").waitFor();
  await workbench().runCommand("Spawnpoint: Show Output");
  await outputLine("The local engine: running.").waitFor();
  await closePanel();
});

test("the buttons above the explorer deploy, read again, and filter", async () => {
  await workbench().showSidebar();
  await workbench().openFile("shop.py");
  await viewButton("Deploy App").click();
  await workbench().notification("shop (unchanged)").waitFor();
  await workbench().clearNotifications();
  await viewButton("Filter Apps and Functions").click();
  await workbench().answer("Part of an app's name", "shop/greet");
  await workbench().treeItem("wait").waitFor({ state: "detached" });
  await viewButton("Clear Filter").click();
  await workbench().treeItem("wait").waitFor();
  await viewButton("Refresh").click();
  await workbench().treeItem("greet").waitFor();
});

test("the menu above the explorer leads to targets, samples, and the engine", async () => {
  await pickFromViewMenu("Filter Apps and Functions");
  await leaveQuickInput("Filter Apps and Functions");
  await pickFromViewMenu("Sort and Group");
  await leaveQuickInput("Sort Apps by Name");
  await pickFromViewMenu("Select Target");
  await leaveQuickInput("Select Target");
  await pickFromViewMenu("Sign In with a Token");
  await leaveQuickInput("Sign In to Modal");
  await pickFromViewMenu("Open Samples");
  await leaveQuickInput("word count");
  await pickFromViewMenu("Open Modal Configuration File");
  await tab("modal.toml").waitFor();
  await pickFromViewMenu("Show Engine Log");
  await tab("engine.log").waitFor();
  await pickFromViewMenu("Show Output");
  await outputLine("The local engine: running.").waitFor();
  await closePanel();
});

test("the engine starts again from the palette and from the menu", async () => {
  const first = await workbench().enginePid();
  await workbench().runCommand("Spawnpoint: Restart Engine");
  const second = await nextEngine(first);
  await pickFromViewMenu("Restart Engine");
  await nextEngine(second);
  await workbench().runCommand("Spawnpoint: Refresh");
  await workbench().treeItem("greet").waitFor();
});

/** Waits until another engine is there than this one. */
async function nextEngine(pid: number | undefined): Promise<number> {
  const giveUpAt = Date.now() + 120_000;
  for (;;) {
    const found = await workbench().enginePid();
    if (found !== undefined && found !== pid) return found;
    if (Date.now() > giveUpAt) throw new Error("No other engine has started.");
    await workbench().page.waitForTimeout(200);
  }
}

test("a Python file is deployed from the title of its editor, and from its menu among the files", async () => {
  await workbench().openFile("shop.py");
  const title = workbench().page.locator(".editor-actions");
  await title.getByRole("button", { name: "Deploy App" }).click();
  await workbench().notification("shop (unchanged)").waitFor();
  await workbench().clearNotifications();
  await workbench()
    .page.getByRole("tab", { name: /^Explorer/ })
    .first()
    .click();
  const file = workbench().page.locator(".explorer-folders-view").getByRole("treeitem", { name: "shop.py" });
  await workbench().pickFromMenu(file, "Deploy App");
  await workbench().notification("shop (unchanged)").waitFor();
  await workbench().clearNotifications();
});

test("from the palette, an app goes back to an earlier version, and is stopped", async () => {
  await writeFile(workbench().file("shop.py"), shop.replace("Hello", "Goodbye"));
  await workbench().deploy("shop.py");
  await workbench().runCommand("Spawnpoint: Rollback");
  await workbench().pick("shop");
  await workbench().pick("v1");
  await confirm("Rollback");
  await workbench().showSidebar();
  await workbench().treeItem("shop").getByText("v3").waitFor();
  await workbench().runCommand("Spawnpoint: Stop App");
  await workbench().pick("shop");
  await confirm("Stop App");
  await workbench().treeItem("shop").waitFor({ state: "detached" });
});

test("where nothing is deployed, the explorer offers to deploy, samples, and the walkthrough", async () => {
  const { page } = workbench();
  const offered = (name: string) => page.locator(".sidebar .welcome-view").getByRole("button", { name });
  await workbench().runCommand("View: Close All Editors");
  await offered("Open Samples").click();
  await leaveQuickInput("word count");
  await offered("Get Started").click();
  await page.locator(".gettingStartedContainer", { hasText: "Get Started with Spawnpoint" }).waitFor();
  await workbench().openFile("shop.py");
  await offered("Deploy App").click();
  await workbench().treeItem("greet").waitFor();
});
