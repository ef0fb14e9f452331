import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { pythonDebugger } from "./pythonDebugger.ts";
import { useWorkbench } from "./workbench.ts";

const ledger = `from pathlib import Path

import modal

app = modal.App("ledger")


@app.function()
def total(price: int, count: int = 2) -> int:
    amount = price * count
    Path(__file__).with_name("total.txt").write_text(str(amount))
    return amount
`;

const extension = await pythonDebugger();

if (extension === undefined) {
  test.skip("Debug stops at a breakpoint: pip cannot get debugpy here");
} else {
  const workbench = useWorkbench({ files: { "ledger.py": ledger }, extensions: [extension] });

  test("Debug above a function stops at a breakpoint in it, and then goes on", async () => {
    await workbench().openFile("ledger.py");
    await workbench().goToEndOfLine(11);
    await workbench().runCommand("Debug: Toggle Breakpoint");
    await workbench().page.locator(".codicon-debug-breakpoint").first().waitFor();
    await workbench().goToEndOfLine(1);
    await workbench().codeLens("Debug").first().click();
    await workbench().pick("price: int");
    await workbench().answer(/Give a whole number/, "21");
    await workbench().pick("Debug");
    const { page } = workbench();
    await page.locator(".debug-call-stack").getByText("total").first().waitFor({ timeout: 120_000 });
    await workbench().unfold(page.locator(".debug-variables").getByRole("treeitem", { name: /Locals/ }));
    await page.locator(".debug-variables .monaco-list-row", { hasText: /amount.*42/ }).waitFor();
    assert.ok(!existsSync(workbench().file("total.txt")));
    await workbench().runCommand("Debug: Continue");
    await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
    assert.ok(existsSync(workbench().file("total.txt")));
  });
}
