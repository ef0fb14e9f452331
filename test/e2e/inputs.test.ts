import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { Locator } from "playwright-core";
import { chooseOnRow } from "./chooseOnRow.ts";
import { useWorkbench } from "./workbench.ts";

const greetings = `import modal

app = modal.App("greetings")


@app.function()
def welcome(name: str, times: int = 1, loud: bool = False) -> str:
    text = " ".join(["welcome"] * times + [name])
    return text.upper() if loud else text


@app.function()
def reciprocal(x: int) -> float:
    return 1 / x


@app.function()
def label(code: str, count: int = 0) -> str:
    return f"{code}#{count}"


@app.cls()
class Greeter:
    greeting: str = modal.parameter()

    @modal.method()
    def salute(self, name: str) -> str:
        return f"{self.greeting}, {name}"
`;

const workbench = useWorkbench({
  files: {
    "greetings.py": greetings,
    "labels.csv": "count,code\n7,0012\n8,0013\n",
    "names.txt": "Ada\nGrace Hopper\nMary\n",
  },
  deployed: ["greetings.py"],
});

async function run(functionName: string): Promise<void> {
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick(functionName);
}

async function map(functionName: string, source: string): Promise<void> {
  await workbench().runCommand("Spawnpoint: Map");
  await workbench().pick(functionName);
  await workbench().pick(source);
}

/** Waits until the panel in front shows a finished call with this text. */
async function finishes(text: string): Promise<void> {
  await workbench().callPanel.getByText(text, { exact: false }).first().waitFor();
  await workbench()
    .callPanel.locator(".call-headline", { hasText: /Finished|Failed|failed/ })
    .waitFor();
}

/** The box that asks with this text. */
function question(text: string): Locator {
  return workbench().page.locator(".quick-input-widget:visible", { hasText: text });
}

/** A row of the list that is open in the palette's place. */
function quickPick(label: string): Locator {
  return workbench().page.locator(".quick-input-list .monaco-list-row", { hasText: label }).first();
}

/** Picks from the menu of the first row of the tree with this label. */
async function pickFromRow(label: string, command: string, begun: Locator): Promise<void> {
  await workbench().showSidebar();
  const pick = () => workbench().pickFromMenu(workbench().treeItem(label).first(), command);
  await chooseOnRow(workbench(), pick, begun);
}

test("a function with several parameters is asked for by a form, which says what is wrong with a value", async () => {
  await run("welcome");
  await workbench().pick("name: str");
  await workbench().answer(/Give text/, "Ada");
  await workbench().pick("times: int");
  await workbench().answer(/Give a whole number/, "two");
  await workbench().page.getByText("neither JSON nor a Python literal", { exact: false }).first().waitFor();
  await workbench().answer(/Give a whole number|neither JSON/, "2");
  await workbench().pick("loud: bool");
  await workbench().pick("True");
  await workbench().pick("Run");
  await finishes("WELCOME WELCOME ADA");
});

test("Edit and Run Again shows what the call was given", async () => {
  await workbench().runCommand("Spawnpoint: Edit and Run Again");
  await workbench().pick("welcome");
  await workbench().pick("loud: bool");
  await workbench().pick("Default");
  await workbench().pick("Run");
  await finishes("welcome welcome Ada");
});

test("the parameters of a class are asked for with the arguments, and Run Again knows both", async () => {
  await run("Greeter.salute");
  await workbench().pick("greeting: str");
  await workbench().answer(/Give text/, "Good morning");
  await workbench().pick("name: str");
  await workbench().answer(/Give text/, "Grace");
  await workbench().pick("Run");
  await finishes("Good morning, Grace");
  await workbench().runCommand("View: Close Editor");
  await workbench().runCommand("Spawnpoint: Run Again");
  await workbench().pick("Greeter.salute");
  await finishes("Good morning, Grace");
});

test("a map takes its inputs from a table, by the names of the columns", async () => {
  await map("label", "From a file");
  await workbench().pick("labels.csv");
  await workbench().pick("by their names");
  await finishes("0012#7");
  await finishes("0013#8");
});

test("a map takes its inputs from the selected lines", async () => {
  await workbench().openFile("names.txt");
  await workbench().editorLine("Ada").click();
  await workbench().page.keyboard.press("Control+KeyA");
  await map("label", "selected lines");
  await finishes("Grace Hopper#0");
});

test("a map takes the inputs of the last one, typed ones as those of a file", async () => {
  await pickFromRow("label", "Map", quickPick("Last inputs"));
  await workbench().pick("Last inputs");
  await finishes("Grace Hopper#0");
});

test("a map takes inputs that were saved in the workspace, and leaves out those of single calls", async () => {
  const folder = workbench().file(".spawnpoint/inputs/greetings/label");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "three.json"), JSON.stringify({ inputs: [["a", 1], ["b"]], star: true }));
  await writeFile(join(folder, "single.json"), JSON.stringify({ kwargs: { code: "x" } }));
  await workbench().runCommand("Spawnpoint: Map");
  await workbench().pick("label");
  await workbench().page.locator(".quick-input-list .monaco-list-row", { hasText: "2 inputs" }).waitFor();
  assert.equal(await workbench().page.locator(".quick-input-list").getByText("single").count(), 0);
  await workbench().pick("three");
  await finishes("a#1");
  await finishes("b#0");
});

test("a map of a method asks for the parameters of its class", async () => {
  await map("Greeter.salute", "Type inputs");
  await workbench().answer(/Inputs of Greeter.salute/, '["Ada", "Emmy"]');
  await workbench().pick("greeting: str");
  await workbench().answer(/Give text/, "Dear");
  await workbench().pick("Continue");
  await finishes("Dear, Emmy");
});

/** Picks from the menu of a call's row, below its function. */
async function pickFromCall(functionName: string, status: string, command: string, begun: Locator): Promise<void> {
  await workbench().showSidebar();
  await workbench().unfold(workbench().treeItem(functionName).first());
  await pickFromRow(status, command, begun);
}

test("a call's row in the tree runs it again, as it was or edited", async () => {
  await pickFromCall("salute", "2 succeeded", "Run Again", workbench().treeItem("2 succeeded").nth(1));
  await workbench().runCommand("View: Close All Editors");
  await pickFromCall("salute", "2 succeeded", "Edit and Run Again", question("Inputs of Greeter.salute"));
  await workbench().answer(/Inputs of Greeter.salute/, '["Sonya"]');
  await workbench().pick("greeting: str");
  await workbench().answer(/Give text/, "Hi");
  await workbench().pick("Continue");
  await finishes("Hi, Sonya");
});

test("the panel runs a finished call again", async () => {
  await workbench().callPanel.getByText("Run Again", { exact: true }).click();
  await workbench().showSidebar();
  await workbench().treeItem("succeeded").nth(3).waitFor(); // Two single calls, and two maps of one input.
});

test("Run Failed Inputs Again maps those that failed, and no others", async () => {
  await map("reciprocal", "Type inputs");
  await workbench().answer(/Inputs of reciprocal/, "[4, 0, 2, 0, 8]");
  const results = workbench().callPanel.locator("vscode-tab-header", { hasText: "Results" });
  await results.getByText("5", { exact: true }).waitFor();
  await workbench()
    .callPanel.locator(".call-headline", { hasText: /Finished|Failed|failed/ })
    .waitFor();
  await workbench().runCommand("Spawnpoint: Run Failed Inputs Again");
  await workbench().pick("reciprocal");
  await results.getByText("2", { exact: true }).waitFor();
});

test("Run Failed Inputs Again on a call's row keeps to the inputs of the first map", async () => {
  await workbench().runCommand("View: Close All Editors");
  const results = workbench().callPanel.locator("vscode-tab-header", { hasText: "Results" });
  await pickFromCall("reciprocal", "2 failed", "Run Failed Inputs Again", results.getByText("2", { exact: true }));
});

const savedFile = ".spawnpoint/inputs/greetings/welcome/mine.json";

async function clickFormButton(name: string): Promise<void> {
  const form = workbench().page.locator(".quick-input-widget:visible");
  await form.getByRole("button", { name }).click();
}

test("inputs are saved under a name, edited as JSON that is checked, and run from there", async () => {
  await run("welcome");
  await clickFormButton("Save Inputs As");
  await workbench().answer(/A name for these inputs/, "mine");
  await workbench().pick("name: str");
  await workbench().answer(/Give text/, "Katherine");
  await workbench().pick("Run");
  await finishes("Katherine");

  const schema = "./.schema.json";
  await writeFile(
    workbench().file(savedFile),
    JSON.stringify({ $schema: schema, kwargs: { name: "Lin", times: "3" } }),
  );
  await workbench().runCommand("Spawnpoint: Edit Inputs as JSON");
  await workbench().pick("welcome");
  await workbench().pick("mine");
  await workbench().page.locator('.tab.active[data-resource-name="mine.json"]').waitFor();
  await workbench().runCommand("View: Close All Editors");
  await pickFromRow("welcome", "Edit Inputs as JSON", quickPick("mine"));
  await workbench().pick("mine");
  await workbench().page.locator('.tab.active[data-resource-name="mine.json"]').waitFor();
  await workbench().page.locator(".squiggly-warning").first().waitFor();
  await writeFile(workbench().file(savedFile), JSON.stringify({ $schema: schema, kwargs: { name: "Lin", times: 3 } }));
  await workbench().page.getByRole("button", { name: "Run with These Inputs" }).first().click();
  await finishes("welcome welcome welcome Lin");
});

test("the form is filled and sent by the keyboard alone", async () => {
  const box = (placeholder: string) => workbench().page.getByPlaceholder(placeholder);
  await run("label");
  await box("code is needed").press("Enter");
  await workbench().answer(/Give text/, "k");
  await box("Run, or choose a value to change").press("Enter");
  await finishes("k#0");
});

/** Presses a button of a function's row in the tree, which is there while the pointer is on it. */
async function pressOnRow(functionName: string, button: string, begun: Locator): Promise<void> {
  const row = workbench().treeItem(functionName).first();
  const press = async () => {
    await row.hover();
    await row.getByRole("button", { name: button, exact: true }).click();
  };
  await chooseOnRow(workbench(), press, begun);
}

test("Run, Spawn and Map stand on the row of a function", async () => {
  const asks = question("Arguments of reciprocal");
  await pickFromRow("reciprocal", "Run", asks);
  await workbench().answer(/Arguments of reciprocal/, "[16]");
  await finishes("0.0625");
  await pressOnRow("reciprocal", "Run", asks);
  await workbench().answer(/Arguments of reciprocal/, "[32]");
  await finishes("0.03125");
  await pressOnRow("reciprocal", "Spawn", asks);
  await workbench().answer(/Arguments of reciprocal/, "[2]");
  await workbench().notification("Spawned reciprocal").waitFor();
  await workbench().clearNotifications();
  await pressOnRow("reciprocal", "Map", quickPick("Type inputs"));
  await workbench().pick("Type inputs");
  await workbench().answer(/Inputs of reciprocal/, "[64]");
  await finishes("0.015625");
});

test("saved inputs fill the form", async () => {
  await writeFile(workbench().file(savedFile), JSON.stringify({ args: ["Rosalind"], kwargs: { loud: true } }));
  await run("welcome");
  await clickFormButton("Use Saved Inputs");
  await workbench().pick("mine");
  await workbench().pick("Run");
  await finishes("WELCOME ROSALIND");
});
