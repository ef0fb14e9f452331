import assert from "node:assert/strict";
import { test } from "node:test";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp },
  deployed: ["mandelbrot.py", "arithmetic.py"],
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

test("a map whose results are pictures draws every one of them", async () => {
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
