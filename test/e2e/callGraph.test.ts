import { test } from "node:test";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench();

test("the call graph of a function that fans out has its three levels", async () => {
  await workbench().openFile("word_count.py");
  await workbench().runCommand("Spawnpoint: Deploy App");
  await workbench().notification("Deployed word").waitFor();
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick("count_library");
  const panel = workbench().callPanel;
  await panel.locator("vscode-tab-header", { hasText: "Call Graph" }).click();
  for (const name of ["count_library", "count_book", "count_chapter"]) {
    await panel.locator("svg").getByText(name, { exact: true }).first().waitFor();
  }
  await panel.locator(".call-headline", { hasText: "Finished" }).waitFor();
});
