import { test } from "node:test";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({ deployed: ["word_count.py"] });

test("the call graph of a function that fans out has its three levels", async () => {
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick("count_library");
  await workbench().pick("Run");
  const panel = workbench().callPanel;
  await panel.locator("vscode-tab-header", { hasText: "Call Graph" }).click();
  for (const name of ["count_library", "count_book", "count_chapter"]) {
    await panel.locator(".graph-node", { hasText: name }).first().waitFor();
  }
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
});

test("a box of the call graph leads to the source of its function, beside it", async () => {
  const box = workbench().callPanel.locator(".graph-node", { hasText: "count_book" });
  await box.hover();
  await box.getByRole("button", { name: "Go to Definition" }).click();
  await workbench().page.locator(".statusbar").getByText("Ln 29,").waitFor();
  for (const name of ["word_count.py", "count_library"]) {
    await workbench().page.locator(".tab.active", { hasText: name }).waitFor();
  }
});
