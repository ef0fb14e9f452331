import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { chooseOnRow } from "./chooseOnRow.ts";
import { useWorkbench } from "./workbench.ts";

const shop = `import time

import modal

app = modal.App("shop")
other = modal.App("warehouse")


@app.function()
def greet(name: str) -> str:
    return f"Hello, {name}"


@app.function()
def wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@app.cls()
class Till:
    @modal.method()
    def add(self, price: int) -> int:
        return price


@other.function()
def count() -> int:
    return 3
`;

const workbench = useWorkbench({
  files: { "shop.py": shop },
  deployed: ["shop.py"],
  modalConfig: '[faraway]\ntoken_id = "ak-1\n',
});

/** Presses the button of the question that is in front. */
async function confirm(button: string): Promise<void> {
  await workbench().page.locator(".monaco-dialog-box").getByRole("button", { name: button }).click();
}

function item(label: string): Locator {
  return workbench().treeItem(label).first();
}

test("a configuration file that is broken is told in a row, and a click opens it at the place", async () => {
  await workbench().showSidebar();
  await workbench().page.locator(".sidebar", { hasText: "not valid TOML" }).waitFor();
  await workbench()
    .page.getByRole("treeitem", { name: /not valid TOML/ })
    .click();
  await workbench().page.locator('.tab.active[data-resource-name="modal.toml"]').waitFor();
});

test("apps have functions, classes with methods, containers and deployments", async () => {
  for (const label of ["shop", "warehouse", "greet", "Till", "add", "count"]) await item(label).waitFor();
  await workbench().treeItem("Containers").nth(1).waitFor();
  await workbench().treeItem("Deployments").nth(1).waitFor();
  await item("shop").getByText("deployed · v1").waitFor();
});

test("a function's containers are kept warm, its autoscaler is updated, and a container is stopped", async () => {
  await workbench().pickFromMenu(item("greet"), "Keep Warm…");
  await workbench().answer("How many containers run also", "1");
  await workbench().notification("Autoscaler of greet: min_containers=1").waitFor();
  await item("greet").getByText("1 runner").waitFor();
  await workbench().pickFromMenu(item("greet"), "Update Autoscaler…");
  await workbench().answer("Until the app is deployed again", "min_containers=0 scaledown_window=300");
  await workbench()
    .notification(/min_containers=0.*scaledown_window=300/)
    .waitFor();
  await workbench().clearNotifications();
  await workbench().unfold(item("Containers"));
  const container = workbench().page.locator(".sidebar").getByRole("treeitem", { name: /^ta-/ });
  await container.waitFor();
  await workbench().pickFromMenu(container, "Stop Container");
  await confirm("Stop Container");
  await container.waitFor({ state: "detached" });
});

test("a call is cancelled from its row, with its containers or without", async () => {
  const asks = workbench().page.locator(".quick-input-widget:visible");
  for (const [index, command] of ["Cancel Call", "Cancel Call and Terminate Containers"].entries()) {
    await chooseOnRow(workbench(), () => workbench().pickFromMenu(item("wait"), "Spawn"), asks);
    await workbench().answer(/Arguments of wait/, "[3600]");
    await workbench().unfold(item("wait"));
    await item("0 of 1").waitFor();
    const cancelled = workbench().treeItem("cancelled").nth(index);
    await chooseOnRow(workbench(), () => workbench().pickFromMenu(item("0 of 1"), command), cancelled);
  }
  await workbench().clearNotifications();
});

test("the id of a row is copied, and a function leads to its definition", async () => {
  await workbench().pickFromMenu(item("greet"), "Copy ID");
  await workbench()
    .statusItem(/Copied fu-/)
    .waitFor();
  await workbench().pickFromMenu(item("greet"), "Go to Definition");
  await workbench().editorLine("def greet").waitFor();
});

test("a filter, an order and a grouping hold until they are changed", async () => {
  await workbench().runCommand("Spawnpoint: Filter Apps and Functions");
  await workbench().answer("Part of an app's name", "shop/gr");
  await item("warehouse").waitFor({ state: "detached" });
  await item("Till").waitFor({ state: "detached" });
  await item("greet").waitFor();
  await workbench().page.locator(".sidebar", { hasText: 'Filtered by "shop/gr"' }).waitFor();
  await workbench().runCommand("Spawnpoint: Clear Filter");
  await item("warehouse").waitFor();
  await workbench().runCommand("Spawnpoint: Sort and Group");
  await workbench().pick("Show Methods Beside Functions");
  await item("Till.add").waitFor();
});

test("an earlier version is put back, and an app is stopped, each after it was confirmed", async () => {
  await writeFile(workbench().file("shop.py"), shop.replace("Hello", "Goodbye"));
  await workbench().deploy("shop.py");
  await item("shop").getByText("v2").waitFor();
  await workbench().unfold(item("Deployments"));
  const question = workbench().page.locator(".monaco-dialog-box");
  await chooseOnRow(workbench(), () => workbench().pickFromMenu(item("v1"), "Rollback"), question);
  await confirm("Rollback");
  await item("shop").getByText("v3").waitFor();
  const press = async () => {
    await item("v2").hover();
    await item("v2").getByRole("button", { name: "Rollback" }).click();
  };
  await chooseOnRow(workbench(), press, question);
  await confirm("Rollback");
  await item("shop").getByText("v4").waitFor();
  await workbench().pickFromMenu(item("warehouse"), "Stop App");
  await confirm("Stop App");
  await item("warehouse").waitFor({ state: "detached" });
  assert.equal(await item("shop").count(), 1);
});
