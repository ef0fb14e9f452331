import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { useWorkbench } from "./workbench.ts";

const source = `import time
from pathlib import Path

import modal

app = modal.App("printer")


@app.function()
def say(word):
    print(f"said {word}")


@app.function()
def listen(path):
    print("listening")
    while not Path(path).exists():
        time.sleep(0.1)
    print("heard")
`;

const workbench = useWorkbench({ files: { "printer.py": source }, deployed: ["printer.py"] });

test("Follow Logs on a function shows what it prints, and goes on when the engine was killed", async () => {
  await workbench().showSidebar();
  const row = workbench().treeItem("say");
  await row.waitFor();
  await workbench().pickFromMenu(row, "Follow Logs");
  await workbench().logsView.getByText("Nothing was printed yet.").waitFor();
  await run("say", '["one"]');
  await workbench().logsView.getByText("said one").waitFor();
  await workbench().killEngine();
  await run("say", '["two"]');
  await workbench().logsView.getByText("said two").waitFor();
});

test("Follow Logs from the palette follows an app, whose lines can be filtered", async () => {
  await workbench().runCommand("Spawnpoint: Follow Logs");
  await workbench().pick(/printer.*app/);
  await workbench().logsView.getByText("said one").waitFor();
  const path = workbench().file("heard");
  await workbench().runCommand("Spawnpoint: Spawn");
  await workbench().pick("listen");
  await workbench().answer(/Arguments of listen/, JSON.stringify([path]));
  await workbench().logsView.getByText("listening").waitFor();
  await workbench().logsView.locator("vscode-textfield input").fill("heard");
  await workbench().logsView.getByText("listening").waitFor({ state: "detached" });
  await writeFile(path, "");
  await workbench().logsView.getByText("heard", { exact: true }).waitFor();
});

test("Save Logs writes the lines that are shown to a file, and opens it", async () => {
  await workbench().logsView.getByRole("button", { name: "Save Logs" }).click();
  await workbench().page.locator(".quick-input-widget:visible", { hasText: "Save Logs" }).waitFor();
  await workbench().page.keyboard.press("Enter");
  await workbench().page.locator('.tab.active[data-resource-name="modal.log"]').waitFor();
  const saved = await readFile(workbench().file("modal.log"), "utf8");
  assert.match(saved, /^\S+T\S+Z heard\n$/);
});

async function run(name: string, args: string): Promise<void> {
  await workbench().runCommand("Spawnpoint: Spawn");
  await workbench().pick(name);
  await workbench().answer(new RegExp(`Arguments of ${name}`), args);
}
