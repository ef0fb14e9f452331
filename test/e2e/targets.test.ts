import { writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import type { EngineAddress } from "../../src/targets/engineAddress.ts";
import { Relay } from "../client/relay.ts";
import { arithmeticApp } from "./arithmeticApp.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench({
  files: { "arithmetic.py": arithmeticApp },
  deployed: ["arithmetic.py"],
  // Nothing listens at this port.
  modalConfig: '[faraway]\nserver_url = "http://127.0.0.1:9"\ntoken_id = "ak-1"\ntoken_secret = "as-1"\n',
});

test("a profile of Modal's configuration file stands beside the engine, and says when its server does not answer", async () => {
  await workbench().statusItem("Local").waitFor();
  await workbench().showSidebar();
  await workbench().unfold(workbench().treeItem("faraway"));
  await workbench().page.locator(".sidebar", { hasText: "127.0.0.1:9" }).waitFor();
});

async function signIn({ url, tokenId, tokenSecret }: Omit<EngineAddress, "pid">): Promise<void> {
  await workbench().runCommand("Spawnpoint: Sign In with a Token");
  await workbench().answer(/Token ID/, tokenId);
  await workbench().answer(/Token Secret/, tokenSecret);
  await workbench().answer(/Server/, url);
}

test("a typed token is checked, kept, and shows its apps; a wrong one is refused in one sentence", async () => {
  const { url, tokenId, tokenSecret } = await workbench().engineAddress();
  await signIn({ url, tokenId, tokenSecret: "as-wrong" });
  await workbench().notification(/token/i).getByText("Select Target").waitFor();
  await workbench().clearNotifications();
  await signIn({ url, tokenId, tokenSecret });
  await workbench().notification("Signed in to local").waitFor();
  await workbench().statusItem("local").waitFor();
  await workbench().unfold(workbench().treeItem("local"));
  await workbench().treeItem("arithmetic").nth(1).waitFor();
  await workbench().clearNotifications();
});

test("a function runs on the account that is selected", async () => {
  await workbench().runCommand("Spawnpoint: Run");
  await workbench().pick("square");
  await workbench().answer(/Arguments of square/, "[12]");
  await workbench().callPanel.getByText("144", { exact: true }).first().waitFor();
});

test("an account is deployed to by Modal's own package, whose absence is told", async () => {
  await workbench().openFile("arithmetic.py");
  await workbench().runCommand("Spawnpoint: Deploy App");
  await workbench()
    .notification(/has no package "modal"/)
    .waitFor();
  await workbench().clearNotifications();
});

test("the status bar's item leads back to the engine, and signing out forgets the account", async () => {
  await workbench().statusItem("local").click();
  await workbench().pick("the engine on this machine");
  await workbench().statusItem("Local").waitFor();
  await workbench().runCommand("Spawnpoint: Sign Out");
  await workbench().pick("local");
  await workbench().treeItem("local").waitFor({ state: "detached" });
});

test("the row of a typed token is selected as the target, and signs out", async () => {
  const { url, tokenId, tokenSecret } = await workbench().engineAddress();
  await signIn({ url, tokenId, tokenSecret });
  await workbench().notification("Signed in to local").waitFor();
  await workbench().clearNotifications();
  await workbench().pickFromMenu(workbench().treeItem("Local"), "Select Target");
  await workbench().statusItem("Local").waitFor();
  await workbench().pickFromMenu(workbench().treeItem("local"), "Select Target");
  await workbench().statusItem("local").waitFor();
  await workbench().pickFromMenu(workbench().treeItem("local"), "Sign Out");
  await workbench().treeItem("local").waitFor({ state: "detached" });
});

let relay: Relay | undefined;
after(() => relay?.[Symbol.asyncDispose]());

test("a server that hangs is told in its row while the engine's rows can be used, and Retry reads it once it answers", async (t) => {
  const { url, tokenId, tokenSecret } = await workbench().engineAddress();
  const silent = await Relay.silent();
  t.after(() => silent[Symbol.asyncDispose]());
  const { port } = silent;
  await writeFile(
    workbench().file("../modal.toml"),
    `[hanging]\nserver_url = "http://127.0.0.1:${port}"\ntoken_id = "${tokenId}"\ntoken_secret = "${tokenSecret}"\n`,
  );
  await workbench().runCommand("Spawnpoint: Refresh");
  await workbench().unfold(workbench().treeItem("hanging"));
  await workbench().unfold(workbench().treeItem("wait"));
  const problem = workbench().page.getByRole("treeitem", { name: /^hanging has not answered/ });
  await problem.waitFor();
  await workbench().page.getByRole("treeitem", { name: "hanging, failed" }).waitFor();
  await silent[Symbol.asyncDispose]();
  relay = await Relay.to(Number(new URL(url).port), { port, host: "127.0.0.1" });
  await workbench().pickFromMenu(problem, "Refresh");
  await workbench().treeItem("square").nth(1).waitFor();
});

/** The address that VS Code asks about before it leaves for the browser. */
async function leavesFor(address: RegExp): Promise<void> {
  const question = workbench().page.locator(".monaco-dialog-box", { hasText: address });
  await question.getByRole("button", { name: "Cancel" }).click();
  await question.waitFor({ state: "hidden" });
}

test("rows of an account lead to Modal's dashboard", async () => {
  await workbench().pickFromMenu(workbench().treeItem("arithmetic").nth(1), "Open in Dashboard");
  await leavesFor(/modal\.com\/id\/ap-/);
  await workbench().pickFromMenu(workbench().treeItem("square").nth(1), "Open in Dashboard");
  await leavesFor(/modal\.com\/id\/fu-/);
});

test("a row of an account and that of the engine are selected as the target", async () => {
  await workbench().pickFromMenu(workbench().treeItem("hanging"), "Select Target");
  await workbench().statusItem("hanging").waitFor();
  await workbench().pickFromMenu(workbench().treeItem("Local"), "Select Target");
  await workbench().statusItem("Local").waitFor();
});
