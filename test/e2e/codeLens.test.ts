import assert from "node:assert/strict";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { arithmeticApp } from "./arithmeticApp.ts";
import { helloEndpoint } from "./helloEndpoint.ts";
import { useWorkbench } from "./workbench.ts";

const toolsApp = `from pathlib import Path

import modal as m

app = m.App("tools")


@app.function()
def double(x: int) -> int:
    print("doubling", x)
    return 2 * x


@app.function()
def fail():
    raise ValueError("no luck")


@app.function()
def count(n: int):
    yield from range(n)
`;

const greeterApp = `from pathlib import Path

from modal import App, asgi_app

app = App("greeter")


@app.local_entrypoint()
def main(name: str, times: int = 1):
    Path(__file__).with_name("greeting.txt").write_text(f"{name} {triple.remote(times)}")


@app.function()
def triple(x):
    return 3 * x


@app.function()
@asgi_app()
${helloEndpoint}`;

const pricesApp = `import modal

from rates import RATE

app = modal.App("prices")


@app.function()
def price(amount: int) -> int:
    return amount * RATE
`;

const workbench = useWorkbench({
  files: {
    "arithmetic.py": arithmeticApp,
    "tools.py": toolsApp,
    "greeter.py": greeterApp,
    "prices.py": pricesApp,
    "rates.py": "RATE = 2\n",
  },
});

/** The texts that stand after lines of the editor in front. */
function inlineTexts(): Promise<string[]> {
  const spans = workbench().page.locator(".editor-group-container.active .view-line span");
  return spans.evaluateAll((elements) => {
    const contents = elements.map((element) => getComputedStyle(element, "::after").content);
    return contents.filter((content) => /^"[→✗]/.test(content)).map((content) => content.slice(1, -1));
  });
}

async function inlineText(...expected: string[]): Promise<void> {
  await eventually(async () => assert.deepEqual(await inlineTexts(), expected));
}

/** Tries a check until it holds. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const giveUpAt = Date.now() + 120_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await workbench().page.waitForTimeout(200);
    }
  }
}

/** A lens below the end of the screen cannot be clicked. */
async function openAtTop(name: string): Promise<void> {
  await workbench().openFile(name);
  await workbench().goToEndOfLine(1);
}

/** A line of what *Run in Python* wrote. */
function pythonOutput(text: string): Locator {
  return workbench().page.locator(".panel .view-line", { hasText: text }).last();
}

function lens(title: string): Locator {
  return workbench().codeLens(title).first();
}

test("Run above a function deploys the file, asks for arguments and shows the result", async () => {
  await openAtTop("arithmetic.py");
  await lens("Run").click();
  await workbench().answer(/Arguments of square\(x: int\)/, "[12]");
  await workbench().callPanel.getByText("144", { exact: true }).first().waitFor();
  await workbench().callPanel.getByText("Finished").first().waitFor();
});

test("the result stands beside the function's line, in a hover there, and in the lens, until the function is edited", async () => {
  await openAtTop("arithmetic.py");
  await inlineText("→ 144");
  await workbench()
    .codeLens(/\d m?s$/)
    .first()
    .click();
  await workbench().editorLine("def square").getByText("square").first().hover();
  const hover = workbench().page.locator(".monaco-hover", { hasText: /square\sfinished\sin/ });
  await hover.getByText("Show Call").click();
  await workbench().callPanel.getByText("Finished").first().waitFor();
  await openAtTop("arithmetic.py");
  await workbench().goToEndOfLine(10);
  await workbench().page.keyboard.type(" + 0");
  await workbench().editorLine("return x * x + 0").waitFor();
  await inlineText();
  await workbench().runCommand("File: Save");
});

test("wrong arguments are refused while they are typed", async () => {
  await openAtTop("arithmetic.py");
  await lens("Run").click();
  await workbench().answer(/Arguments of square/, "[12");
  await workbench().page.locator(".quick-input-widget .quick-input-message", { hasText: /JSON/ }).waitFor();
  await workbench().page.keyboard.press("Escape");
});

test("Spawn above a function starts a call and offers to show it", async () => {
  await openAtTop("arithmetic.py");
  await workbench().codeLens("Spawn").nth(1).click();
  await workbench().answer(/Arguments of wait/, "[0.01]");
  await workbench().notification("Spawned wait").getByRole("button", { name: "Show Call" }).click();
  await workbench().callPanel.getByText("0.01", { exact: true }).first().waitFor();
});

test("Go to Definition brings the cursor to the source", async () => {
  await workbench().showSidebar();
  await workbench().pickFromMenu(workbench().treeItem("wait"), "Go to Definition");
  await workbench().page.locator(".statusbar").getByText("Ln 13, Col 1").waitFor();
});

test("Peek Definition shows the source within the editor", async () => {
  await openAtTop("arithmetic.py");
  await workbench().showSidebar();
  await workbench().pickFromMenu(workbench().treeItem("square"), "Peek Definition");
  await workbench().page.locator(".peekview-widget").getByText("arithmetic.py").first().waitFor();
  await workbench().page.keyboard.press("Escape");
});

test("Run in Python on a row of the tree runs the function where it was deployed from", async () => {
  await workbench().showSidebar();
  await workbench().pickFromMenu(workbench().treeItem("square"), "Run in Python");
  await workbench().answer(/Arguments of square\(x: int\)/, "[5]");
  await pythonOutput("returned 25").waitFor();
});

test("Run in Python calls the function without the engine, with its prints in the output", async () => {
  await openAtTop("tools.py");
  await lens("Run in Python").click();
  await workbench().answer(/Arguments of double\(x: int\)/, "[21]");
  await pythonOutput("doubling 21").waitFor();
  await pythonOutput("returned 42").waitFor();
  await inlineText("→ 42");
  await workbench().goToEndOfLine(21);
  await workbench().runCommand("Spawnpoint: Run in Python"); // Offers the function with the cursor first.
  await workbench().page.locator(".quick-input-list .monaco-list-row.focused", { hasText: "count" }).click();
  await workbench().answer(/Arguments of count\(n: int\)/, "[3]");
  await inlineText("→ 42", "→ 3 items, the last 2");
});

test("an error of the function stands beside its line, with the traceback in the hover", async () => {
  await openAtTop("tools.py");
  await workbench().codeLens("Run in Python").nth(1).click();
  await workbench()
    .notification("fail failed: ValueError('no luck')")
    .getByRole("button", { name: "Show Output" })
    .click();
  await inlineText("→ 42", "✗ ValueError('no luck')", "→ 3 items, the last 2");
  await workbench().editorLine("def fail").getByText("fail").first().hover();
  await workbench()
    .page.locator(".monaco-hover", { hasText: /tools\.py", line 16, in fail/ })
    .waitFor();
  await workbench().clearNotifications();
  await workbench().runCommand("View: Toggle Panel Visibility");
  await workbench().runCommand("Spawnpoint: Show Output of Run in Python");
  await pythonOutput("ValueError: no luck").waitFor();
});

test("results beside lines can be switched off", async () => {
  await openAtTop("tools.py");
  await mkdir(workbench().file(".vscode"));
  await writeFile(workbench().file(".vscode/settings.json"), '{ "spawnpoint.inlineResults": false }');
  await inlineText();
});

test("Debug without a debugger for Python says what to install, and shows it", async () => {
  await openAtTop("tools.py");
  await lens("Debug").click();
  const message = workbench().notification("Debugging needs the Python Debugger extension");
  await message.getByRole("button", { name: "Show Extension" }).click();
  await workbench().page.locator(".extensions-viewlet").getByText("@id:ms-python.debugpy").waitFor();
  await workbench().clearNotifications();
  await workbench().runCommand("Spawnpoint: Debug");
  await message.waitFor();
  await workbench().clearNotifications();
  await workbench().showSidebar();
  await workbench().pickFromMenu(workbench().treeItem("square"), "Debug");
  await message.waitFor();
  await workbench().clearNotifications();
});

/** Picks from what the editor's menu offers for the function at a line, as "Spawnpoint". */
async function pickFromEditor(line: string, label: string): Promise<void> {
  const { page } = workbench();
  const item = page.getByRole("menuitem", { name: label, exact: true });
  const giveUpAt = Date.now() + 120_000;
  while (!(await item.isVisible())) {
    if (Date.now() > giveUpAt) throw new Error(`The menu of the editor does not offer "${label}".`);
    await page.keyboard.press("Escape");
    await workbench().editorLine(line).first().click({ button: "right" });
    const submenu = page.getByRole("menuitem", { name: "Spawnpoint", exact: true });
    await submenu.hover({ timeout: 10_000 }).catch(() => undefined);
    await item.waitFor({ timeout: 5_000 }).catch(() => undefined);
  }
  // A menu takes no click in its first moments.
  while (await item.isVisible()) {
    if (Date.now() > giveUpAt) throw new Error(`The menu of the editor does not take "${label}".`);
    await item.click({ timeout: 2_000 }).catch(() => undefined);
    await item.waitFor({ state: "hidden", timeout: 1_000 }).catch(() => undefined);
  }
}

test("Run runs what is in the editors: what the file imports is saved and deployed with it", async () => {
  await openAtTop("prices.py");
  await lens("Run").click();
  await workbench().answer(/Arguments of price/, "[70]");
  await workbench().callPanel.getByText("140", { exact: true }).first().waitFor();
  await openAtTop("rates.py");
  await workbench().page.keyboard.type("0");
  await workbench().editorLine("RATE = 20").waitFor();
  await openAtTop("prices.py");
  await lens("Run").click();
  await workbench().answer(/Arguments of price/, "[70]");
  await workbench().callPanel.getByText("1400", { exact: true }).first().waitFor();
  assert.equal(await readFile(workbench().file("rates.py"), "utf8"), "RATE = 20\n");
});

test("Map above a function takes its inputs and shows the results", async () => {
  await openAtTop("arithmetic.py");
  await lens("Map").click();
  await workbench().pick("Type inputs");
  await workbench().answer(/Inputs of square/, "[21, 22]");
  await workbench().callPanel.getByText("484", { exact: true }).first().waitFor();
});

test("the editor's menu does for the function with the cursor what its lenses do", async () => {
  await openAtTop("arithmetic.py");
  await pickFromEditor("return x * x", "Run");
  await workbench().answer(/Arguments of square/, "[31]");
  await workbench().callPanel.getByText("961", { exact: true }).first().waitFor();
  await openAtTop("arithmetic.py");
  await pickFromEditor("time.sleep(seconds)", "Spawn");
  await workbench().answer(/Arguments of wait/, "[0.02]");
  await workbench().notification("Spawned wait").waitFor();
  await workbench().clearNotifications();
  await pickFromEditor("return x * x", "Map");
  await workbench().pick("Type inputs");
  await workbench().answer(/Inputs of square/, "[32]");
  await workbench().callPanel.getByText("1024", { exact: true }).first().waitFor();
  await openAtTop("arithmetic.py");
  await pickFromEditor("return x * x", "Run in Python");
  await workbench().answer(/Arguments of square/, "[33]");
  await pythonOutput("returned 1089").waitFor();
  await openAtTop("arithmetic.py");
  await pickFromEditor("return x * x", "Debug");
  await workbench().notification("Debugging needs the Python Debugger extension").waitFor();
  await workbench().clearNotifications();
  await pickFromEditor("import modal", "Deploy App");
  await workbench().notification("Deployed arithmetic").waitFor();
  await workbench().clearNotifications();
});

test("Run above a local entrypoint saves the file, asks by the form and runs it in a terminal", async () => {
  await openAtTop("greeter.py");
  await workbench().goToEndOfLine(15);
  await workbench().page.keyboard.type(" + 1");
  await workbench().editorLine("return 3 * x + 1").waitFor();
  await lens("Run").click();
  await workbench().pick("name: str");
  await workbench().answer(/Give text/, "Ada L");
  await workbench().pick("times: int");
  await workbench().answer(/Give a whole number/, "3");
  await workbench().pick("Run");
  const path = workbench().file("greeting.txt");
  await eventually(async () => assert.equal(await readFile(path, "utf8"), "Ada L 10"));
});

test("Run Local Entrypoint from the editor's menu and from the palette knows what was given last", async () => {
  const path = workbench().file("greeting.txt");
  await rm(path);
  await openAtTop("greeter.py");
  await pickFromEditor("def main", "Run Local Entrypoint");
  await workbench().pick("Run");
  await eventually(async () => assert.equal(await readFile(path, "utf8"), "Ada L 10"));
  await rm(path);
  await openAtTop("greeter.py");
  await workbench().runCommand("Spawnpoint: Run Local Entrypoint");
  await workbench().pick("main");
  await workbench().pick("Run");
  await eventually(async () => assert.equal(await readFile(path, "utf8"), "Ada L 10"));
});

test("Open Web URL above a web endpoint opens its address", async () => {
  await openAtTop("greeter.py");
  const opened = workbench().page.context().waitForEvent("page", { timeout: 120_000 });
  await lens("Open Web URL").click();
  await (await opened).getByText("hello from a container").waitFor();
  const openedAgain = workbench().page.context().waitForEvent("page", { timeout: 120_000 });
  await openAtTop("greeter.py");
  await pickFromEditor("def hello", "Open Web URL");
  await (await openedAgain).getByText("hello from a container").waitFor();
});
