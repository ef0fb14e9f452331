import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

/** An app whose results are worth keeping. */
const shelfApp = `import os
import time

import modal

app = modal.App("shelf")


@app.function()
def describe(n: int) -> dict:
    return {"n": n, "name": f'number "{n}"'}


@app.function(max_containers=2)
def hold(n: int, path: str) -> int:
    while n > 0 and not os.path.exists(path):
        time.sleep(0.05)
    return n
`;

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp, "shelf.py": shelfApp },
  deployed: ["mandelbrot.py", "arithmetic.py", "shelf.py"],
});

async function map(functionName: string, inputs: string): Promise<void> {
  await workbench().runCommand("Spawnpoint: Map");
  await workbench().pick(functionName);
  await workbench().pick("Type inputs");
  await workbench().answer(new RegExp(`Inputs of ${functionName}`), inputs);
  await workbench().callPanel.getByRole("heading", { name: functionName }).waitFor();
}

test("a map of 10,000 inputs shows every result in order, and the panel can be used meanwhile", async () => {
  await map("square", "0..9999");
  const panel = workbench().callPanel;
  await panel.locator("vscode-tab-header", { hasText: "Stats" }).click();
  await panel.locator("canvas").first().waitFor();
  await panel.locator("vscode-tab-header", { hasText: "Results" }).click();
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await panel.locator("vscode-tab-header", { hasText: "Results" }).getByText("10,000").waitFor();

  const table = panel.getByRole("grid", { name: "Results" });
  await table.focus();
  await table.press("Home");
  await table.press("End");
  const last = table.getByRole("row", { selected: true });
  await last.getByText("9,999", { exact: true }).waitFor();
  await last.getByText("99980001", { exact: true }).waitFor();
  const rows = await table.locator(".result-row").count();
  assert.ok(rows > 0 && rows < 200, `only the rows on screen are drawn, not ${rows}`);
});

test("a map whose results are pictures draws every one of them, and says where each ran", async () => {
  await map("tile", "0..63");
  const panel = workbench().callPanel;
  await panel.locator("vscode-tab-header", { hasText: "Pictures" }).click();
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await panel.locator(".mosaic img").nth(63).waitFor();
  const widths = await panel.locator(".mosaic img").evaluateAll(async (images) => {
    const pictures = images.filter((image) => image instanceof HTMLImageElement);
    await Promise.all(pictures.map((picture) => picture.decode()));
    return pictures.map((picture) => picture.naturalWidth);
  });
  assert.equal(widths.length, 64);

  await panel.locator("vscode-tab-header", { hasText: "Waterfall" }).click();
  await panel.locator(".waterfall-canvas").waitFor();
  await panel.getByRole("button", { name: "Show Table" }).click();
  const containers = panel.locator(".waterfall-table tbody tr");
  // The engine is asked for the container's start after the call.
  await containers.locator("td:nth-child(3)", { hasText: /\d/ }).first().waitFor();
  const inputs = await containers.locator("td:nth-child(4)").allTextContents();
  assert.equal(
    inputs.map(Number.parseFloat).reduce((sum, count) => sum + count),
    64,
  );
  await containers.getByRole("button").first().click();
  await panel.locator(".result-detail img").waitFor();
  assert.equal(new Set(widths).size, 1, "all tiles have the same size");
  assert.ok((widths[0] ?? 0) > 0);
});

test("Cancel in the panel ends a running map", async () => {
  await map("wait", "[600, 600, 600, 600, 600, 600]");
  const panel = workbench().callPanel;
  await panel.getByText("Cancel", { exact: true }).click();
  await panel.locator(".call-headline", { hasText: "Cancelled" }).waitFor();
});

test("Cancel Call from the palette ends a running map", async () => {
  await map("wait", "[600, 600]");
  // The panel of the test before is called the same.
  await workbench().callPanel.locator(".call-headline", { hasText: "Running" }).waitFor();
  await workbench().runCommand("Spawnpoint: Cancel Call");
  await workbench().pick("wait");
  await workbench().callPanel.locator(".call-headline", { hasText: "Cancelled" }).waitFor();
});

test("results are exported as lines of JSON and as a table, whole or not at all", async () => {
  await map("describe", "0..1");
  const panel = workbench().callPanel;
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  const exportAs = async (path: string) => {
    await panel.getByRole("button", { name: "Export Results" }).click();
    await workbench().chooseFile("Export Results", path);
  };
  await panel.getByRole("button", { name: "Export Results" }).click();
  await workbench().refuseFile("Export Results");

  await exportAs(workbench().file("lines.jsonl"));
  await workbench().notification("The results are exported.").waitFor();
  assert.deepEqual((await readFile(workbench().file("lines.jsonl"), "utf8")).split("\n"), [
    '{"index":0,"status":"SUCCESS","value":{"n":0,"name":"number \\"0\\""}}',
    '{"index":1,"status":"SUCCESS","value":{"n":1,"name":"number \\"1\\""}}',
    "",
  ]);
  await workbench().clearNotifications();
  await exportAs(workbench().file("table.csv"));
  await workbench().notification("The results are exported.").waitFor();
  assert.equal(
    await readFile(workbench().file("table.csv"), "utf8"),
    'index,status,n,name,value,exception\n0,SUCCESS,0,"number ""0""",,\n1,SUCCESS,1,"number ""1""",,\n',
  );
  await workbench().clearNotifications();
  await exportAs("/sys/lines.jsonl");
  await workbench()
    .notification(/The file \/sys\/lines.jsonl cannot be written \(EACCES.*choose another folder/)
    .waitFor();
  await workbench().clearNotifications();
  const written = (await readdir(workbench().file("."))).filter((name) => /jsonl|csv|part/.test(name));
  assert.deepEqual(written.toSorted(), ["lines.jsonl", "table.csv"]);
});

test("the results so far of a call that runs can be exported", async () => {
  const gate = workbench().file("gate");
  await map("hold", `*${JSON.stringify([0, 1, 2].map((n) => [n, gate]))}`);
  const panel = workbench().callPanel;
  await panel.locator("#result-0").waitFor();
  await panel.getByRole("button", { name: "Export Results" }).click();
  await workbench().chooseFile("Export Results", workbench().file("sofar.jsonl"));
  await workbench().notification("The results so far are exported; the call is still running.").waitFor();
  const text = await readFile(workbench().file("sofar.jsonl"), "utf8");
  assert.equal(text, '{"index":0,"status":"SUCCESS","value":0}\n');
  await writeFile(gate, "");
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
  await workbench().clearNotifications();
});

test("one result is saved as it is, copied as text and opened in an editor", async () => {
  await workbench().page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await map("tile", "0..1");
  const panel = workbench().callPanel;
  await panel.locator("#result-1").click();
  await panel.getByRole("button", { name: "Save Result" }).click();
  await workbench().chooseFile("Save Result", workbench().file("saved.png"));
  await workbench().waitForFile("saved.png");
  const head = (await readFile(workbench().file("saved.png"))).subarray(0, 8).toString("latin1");
  assert.equal(head, "\x89PNG\r\n\x1a\n");

  await map("describe", "7..8");
  await panel.locator("#result-1").click();
  const text = '{\n  "n": 8,\n  "name": "number \\"8\\""\n}';
  await panel.getByRole("button", { name: "Copy Result" }).click();
  await workbench().insist(
    "The result is not in the clipboard",
    async () => assert.equal(await workbench().page.evaluate(() => navigator.clipboard.readText()), text),
    () => workbench().page.waitForTimeout(200),
  );
  await panel.getByRole("button", { name: "Open in Editor" }).click();
  await workbench().editorLine('"name": "number').waitFor();
});
