import { execFileSync } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp },
  // VSCODE_CLI: the window is given this environment as it is, and nothing of a login shell.
  env: { PATH: "/nowhere", VIRTUAL_ENV: "", SPAWNPOINT_PYTHON: "", VSCODE_CLI: "1" },
  settings: { "workbench.editor.useModal": "off" },
});

/** Where the tests themselves have their Python. */
function pythonOfTests(): string {
  return execFileSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" }).trim();
}

async function setPythonPath(path: string): Promise<void> {
  await mkdir(workbench().file(".vscode"), { recursive: true });
  await writeFile(workbench().file(".vscode/settings.json"), JSON.stringify({ "spawnpoint.pythonPath": path }));
}

/** Waits until VS Code tells this of the language of the file in front. */
async function languageStatus(text: string): Promise<void> {
  await workbench().page.locator(`#status\\.languageStatus[aria-label*="${text}"]`).waitFor();
}

test("without Python, the language's status says so, and Run says what to do and leads to the setting", async () => {
  await workbench().openFile("arithmetic.py");
  await languageStatus("No Python for Modal functions");
  await workbench().codeLens("Run").first().click();
  const message = workbench().notification("No Python 3.9 or newer was found; install one");
  await message.getByRole("button", { name: "Select Interpreter" }).click();
  await workbench().page.locator(".settings-editor").getByText("Python Path").first().waitFor();
  await workbench().clearNotifications();
});

test("a Python that is too old is named with its version", async () => {
  const old = workbench().file("python38");
  await writeFile(old, `#!/bin/sh\necho '["${old}", [3, 8, 10]]'\n`);
  await chmod(old, 0o755);
  await setPythonPath(old);
  await workbench().openFile("arithmetic.py");
  await languageStatus("is 3.8.10, and 3.9 or newer is needed");
  await workbench().runCommand("Spawnpoint: Deploy App");
  await workbench().notification("is 3.8.10, and 3.9 or newer is needed; name another.").waitFor();
  await workbench().clearNotifications();
});

test("with a Python that was named, functions run, and the status says with which", async () => {
  await setPythonPath(pythonOfTests());
  await languageStatus("Modal functions run with Python 3.");
  await workbench().deploy("arithmetic.py");
});
