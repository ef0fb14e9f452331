import { writeFile } from "node:fs/promises";
import { test } from "node:test";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({ files: { "arithmetic.py": arithmeticApp, "nothing.py": "answer = 42\n" } });

test("Deploy App shows the app and its functions in the side bar", async () => {
  await workbench().openFile("arithmetic.py");
  await workbench().runCommand("Spawnpoint: Deploy App");
  await workbench().showSidebar();
  await workbench().treeItem("arithmetic").waitFor();
  await workbench().treeItem("square").waitFor();
  await workbench().treeItem("wait").waitFor();
});

test("a syntax error is marked in the editor, and what was deployed stays", async () => {
  const lines = arithmeticApp.split("\n");
  const broken = lines.with(lines.indexOf("    return x * x"), "    return x *").join("\n");
  await writeFile(workbench().file("arithmetic.py"), broken);
  await workbench().openFile("arithmetic.py");
  await workbench().editorLine("return x *").waitFor();
  await workbench().runCommand("Spawnpoint: Deploy App");
  await workbench()
    .notification(/arithmetic\.py.*line 10|arithmetic\.py:10/)
    .waitFor();
  await workbench().page.locator(".squiggly-error").first().waitFor();

  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick("square");
  await workbench().answer(/Arguments of square/, "[7]");
  await workbench().callPanel.getByText("49", { exact: true }).first().waitFor();
});

test("a file without an app says so", async () => {
  await workbench().openFile("nothing.py");
  await workbench().runCommand("Spawnpoint: Deploy App");
  await workbench()
    .notification(/nothing\.py/)
    .waitFor();
});
