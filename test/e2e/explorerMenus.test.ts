import { test } from "node:test";
import type { Locator } from "playwright-core";
import { chooseOnRow } from "./chooseOnRow.ts";
import { helloEndpoint } from "./helloEndpoint.ts";
import { useWorkbench } from "./workbench.ts";

const shop = `import time

import modal

app = modal.App("shop")


@app.function(gpu="T4", max_containers=3, timeout=90, retries=2)
def wait(seconds: float) -> float:
    print(f"waiting {seconds} s")
    time.sleep(seconds)
    return seconds


@app.cls()
class Till:
    @modal.method()
    def add(self, price: int) -> int:
        print("added", price)
        return price


@app.function()
@modal.asgi_app()
${helloEndpoint}`;

/** It can be described, and its containers end while they import it. */
const stuck = `import os

import modal

app = modal.App("stuck")

if "MODAL_TASK_ID" in os.environ:
    os._exit(3)


@app.function(min_containers=1)
def never_ready():
    pass
`;

const workbench = useWorkbench({
  files: { "shop.py": shop, "stuck.py": stuck },
  deployed: ["shop.py", "stuck.py"],
  // As a menu gives it whose row VS Code is just drawing.
  keys: [
    {
      key: "ctrl+alt+9",
      command: "runCommands",
      args: { commands: [{ command: "spawnpoint.copyId", args: [null, null] }] },
    },
  ],
});

function item(label: string): Locator {
  return workbench().treeItem(label).first();
}

function tooltip(text: RegExp): Locator {
  return workbench().page.locator(".monaco-hover:visible", { hasText: text });
}

function container(): Locator {
  return workbench().page.locator(".sidebar").getByRole("treeitem", { name: /^ta-/ });
}

function choose(act: () => Promise<void>, begun: Locator): Promise<void> {
  return chooseOnRow(workbench(), act, begun);
}

async function copies(row: Locator, id: RegExp): Promise<void> {
  await workbench().pickFromMenu(row, "Copy ID");
  await workbench().statusItem(id).waitFor();
}

async function spawnWait(): Promise<void> {
  const asks = workbench().page.locator(".quick-input-widget:visible");
  await choose(() => workbench().pickFromMenu(item("wait"), "Spawn"), asks);
  await workbench().answer(/Arguments of wait/, "[3600]");
  await workbench().unfold(item("wait"));
  await item("0 of 1").waitFor();
}

test("a click on a running call's row shows it, as its menu does, and its button cancels it", async () => {
  const { page } = workbench();
  const headline = (text: string) => workbench().callPanel.locator(".call-headline", { hasText: text });
  await workbench().showSidebar();
  await spawnWait();
  await workbench().pickFromMenu(item("0 of 1"), "Show Call");
  await headline("Running").waitFor();
  await page.locator(".tab", { hasText: "wait (spawn)" }).getByRole("button", { name: /Close/ }).click();
  const cancelled = item("cancelled");
  const press = async () => {
    await page.mouse.move(0, 0);
    await item("0 of 1").hover();
    await item("0 of 1").getByRole("button", { name: "Cancel Call", exact: true }).click();
  };
  await choose(press, cancelled);
  await cancelled.click();
  await headline("Cancelled").waitFor();
  await workbench().runCommand("View: Close All Editors");
  await page.locator(".tab").first().waitFor({ state: "detached" });
});

test("the logs of a class, a container, a call and an app are followed from their rows", async () => {
  await workbench().pickFromMenu(item("Till"), "Follow Logs");
  await workbench().logsView.getByText("Nothing was printed yet.").waitFor();
  await spawnWait();
  await workbench().unfold(item("Containers"));
  await container().waitFor();
  await workbench().pickFromMenu(container(), "Follow Logs");
  await workbench().logsView.getByText("waiting 3600").first().waitFor();
  await workbench().pickFromMenu(item("Till"), "Follow Logs");
  await workbench().logsView.getByText("Nothing was printed yet.").waitFor();
  await workbench().pickFromMenu(item("0 of 1"), "Follow Logs");
  await workbench().logsView.getByText("waiting 3600").first().waitFor();
  await workbench().pickFromMenu(item("Till"), "Follow Logs");
  await workbench().logsView.getByText("Nothing was printed yet.").waitFor();
  await workbench().pickFromMenu(item("shop"), "Follow Logs");
  await workbench().logsView.getByText("waiting 3600").first().waitFor();
});

test("the ids of apps, classes, calls and containers are copied", async () => {
  await copies(item("shop"), /Copied ap-/);
  await copies(item("Till"), /Copied fu-/);
  await copies(item("0 of 1"), /Copied fc-/);
  await copies(container(), /Copied ta-/);
});

test("a call is selected for compare on its row, and compared on another one's", async () => {
  // The page of the comparison is to be the only one.
  await workbench().page.locator(".panel").getByRole("button", { name: "Hide Panel" }).first().click();
  await workbench().pickFromMenu(item("cancelled"), "Select for Compare");
  await workbench().pickFromMenu(item("0 of 1"), "Compare with Selected");
  const head = workbench().callPanel.locator(".compare-head");
  await head.getByText("Cancelled").waitFor();
  await head.getByText("Running").waitFor();
  await workbench().runCommand("View: Close All Editors");
});

test("a command that is chosen while VS Code draws the rows is for the row with the focus", async () => {
  await workbench().pickFromMenu(item("shop"), "Copy ID");
  await workbench()
    .statusItem(/Copied ap-/)
    .waitFor();
  await workbench().page.keyboard.press("Control+Alt+9");
  await workbench()
    .statusItem(/Copied ap-/)
    .waitFor();
  await workbench().page.mouse.move(0, 0);
  await container().click();
  await workbench().page.keyboard.press("Control+Alt+9");
  await workbench()
    .statusItem(/Copied ta-/)
    .waitFor();
});

test("a function's tooltip tells its containers, its address, and what it asks for in vain on this machine", async () => {
  await item("wait").hover();
  // The spaces of what is no markup do not break.
  await tooltip(
    /Runtime: built-in\sworker.*Timeout: 1\sm\s30\ss.*Retries: 2.*Maximum of containers: 3.*Not applied here: gpu = 'T4'/s,
  ).waitFor();
  await item("hello").hover();
  await tooltip(/URL: http:\/\/127\.0\.0\.1/).waitFor();
});

test("a function whose containers cannot start says so in its row, and why in its tooltip", async () => {
  await item("never_ready").getByText("cannot start").waitFor();
  await item("never_ready").hover();
  await tooltip(/State: never_ready\sgets\sno\smore\scontainers\sfor\snow/).waitFor();
});

test("a function's buttons and its menu start calls", async () => {
  const { page } = workbench();
  for (const label of ["Run", "Spawn", "Map"]) {
    const asks = page.locator(".quick-input-widget:visible", {
      hasText: label === "Map" ? "Type inputs" : "Arguments of wait",
    });
    const press = async () => {
      await page.mouse.move(0, 0);
      await item("wait").hover();
      await item("wait").getByRole("button", { name: label, exact: true }).click();
    };
    for (const act of [press, () => workbench().pickFromMenu(item("wait"), label)]) {
      await choose(act, asks);
      await page.keyboard.press("Escape");
      await asks.waitFor({ state: "hidden" });
    }
  }
});

test("a class is kept warm, its autoscaler is updated, and it leads to its definition", async () => {
  await workbench().pickFromMenu(item("Till"), "Keep Warm…");
  await workbench().answer("How many containers run also", "1");
  await workbench().notification("Autoscaler of Till: min_containers=1").waitFor();
  await workbench().pickFromMenu(item("Till"), "Update Autoscaler…");
  await workbench().answer("Until the app is deployed again", "min_containers=0");
  await workbench()
    .notification(/min_containers=0/)
    .waitFor();
  await workbench().clearNotifications();
  await workbench().pickFromMenu(item("Till"), "Go to Definition");
  await workbench().editorLine("class Till").waitFor();
});

test("an app that was deployed once has nothing to roll back to, which its menu says", async () => {
  const nothing = workbench().notification(/no earlier version/);
  await choose(() => workbench().pickFromMenu(item("shop"), "Rollback"), nothing);
  await workbench().clearNotifications();
});

test("the engine's row shows its log, starts it again and reads its rows again", async () => {
  await workbench().pickFromMenu(item("Local"), "Show Engine Log");
  await workbench().page.locator('.tab.active[data-resource-name="engine.log"]').waitFor();
  const pid = await workbench().enginePid();
  await workbench().pickFromMenu(item("Local"), "Restart Engine");
  await item("shop").waitFor();
  while ((await workbench().enginePid()) === pid) await workbench().page.waitForTimeout(100);
  await workbench().pickFromMenu(item("Local"), "Select Target");
  await workbench()
    .statusItem(/^\s*Local\s*$/)
    .waitFor();
});

test("Open Web URL on a web endpoint opens its address", async () => {
  const opened = workbench().page.context().waitForEvent("page", { timeout: 120_000 });
  await workbench().pickFromMenu(item("hello"), "Open Web URL");
  const page = await opened;
  await page.getByText("hello from a container").waitFor();
  await page.close();
});
