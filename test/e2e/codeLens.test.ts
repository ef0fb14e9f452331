import { test } from "node:test";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({ files: { "arithmetic.py": arithmeticApp } });

test("Run above a function deploys the file, asks for arguments and shows the result", async () => {
  await workbench().openFile("arithmetic.py");
  await workbench().codeLens("Run").first().click();
  await workbench().answer(/Arguments of square\(x: int\)/, "[12]");
  await workbench().callPanel.getByText("144", { exact: true }).first().waitFor();
  await workbench().callPanel.getByText("Finished").first().waitFor();
});

test("wrong arguments are refused while they are typed", async () => {
  await workbench().openFile("arithmetic.py");
  await workbench().codeLens("Run").first().click();
  await workbench().answer(/Arguments of square/, "[12");
  await workbench().page.locator(".quick-input-widget .quick-input-message", { hasText: /JSON/ }).waitFor();
  await workbench().page.keyboard.press("Escape");
});

test("Spawn above a function starts a call and offers to show it", async () => {
  await workbench().openFile("arithmetic.py");
  await workbench().codeLens("Spawn").nth(1).click();
  await workbench().answer(/Arguments of wait/, "[0.01]");
  await workbench().notification("Spawned wait").getByRole("button", { name: "Show Call" }).click();
  await workbench().callPanel.getByText("0.01", { exact: true }).first().waitFor();
});
