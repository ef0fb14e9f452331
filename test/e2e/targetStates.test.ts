import { mkdir, rm, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import type { Locator } from "playwright-core";
import { AppState } from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { FakeModal } from "../client/fakeModal.ts";
import { deadPort } from "../client/relay.ts";
import { crowdedServer } from "../explorer/crowdedServer.ts";
import { useWorkbench } from "./workbench.ts";

const workbench = useWorkbench();

const servers: FakeModal[] = [];
after(async () => {
  for (const server of servers) await server[Symbol.asyncDispose]();
});

function profile(name: string, url: string, token = 'token_id = "ak-1"\ntoken_secret = "as-2"\n'): string {
  return `[${name}]\nserver_url = "${url}"\n${token}`;
}

function row(name: RegExp): Locator {
  return workbench().page.locator(".sidebar").getByRole("treeitem", { name });
}

async function below(target: string, name: RegExp): Promise<Locator> {
  await workbench().unfold(workbench().treeItem(target));
  await row(name).waitFor();
  return row(name);
}

async function leaves(question: string): Promise<void> {
  await workbench().page.locator(".quick-input-widget:visible", { hasText: question }).waitFor();
  await workbench().page.keyboard.press("Escape");
}

test("an engine that cannot be started says why in its row, which leads to its log", async () => {
  await mkdir(workbench().file("../engine"), { recursive: true });
  await writeFile(workbench().file("../engine/engine.sqlite"), "This is no database.".repeat(100));
  await workbench().showSidebar();
  const problem = row(/The local engine could not be started/);
  await problem.waitFor();
  await row(/^Local, failed/).waitFor();
  await workbench().page.getByRole("button", { name: "Spawnpoint target: Local, failed" }).waitFor();
  const log = workbench().page.locator('.tab.active[data-resource-name="engine.log"]');
  await problem.click();
  await log.waitFor();
  await log.getByRole("button", { name: /Close/ }).first().click();
  await log.waitFor({ state: "detached" });
  await workbench().pickFromMenu(problem, "Show Engine Log");
  await log.waitFor();
});

test("Restart Engine in the row's menu goes on once the reason is gone, and a new user is shown what to do first", async () => {
  await rm(workbench().file("../engine/engine.sqlite"));
  await workbench().pickFromMenu(row(/The local engine could not be started/), "Restart Engine");
  const welcome = workbench().page.locator(".sidebar", { hasText: "No app is deployed yet." });
  await welcome.getByRole("button", { name: "Open Samples" }).waitFor();
});

test("accounts without a token, with a refused one, out of reach and without apps each say so, with a way on", async () => {
  const refusing = await FakeModal.start();
  const empty = await FakeModal.start();
  servers.push(refusing, empty);
  const refuse = () => {
    throw new RpcError(RpcStatus.UNAUTHENTICATED, "Token not found");
  };
  refusing.answer({ workspaceNameLookup: refuse, environmentList: refuse });
  empty.answer({
    workspaceNameLookup: () => ({ workspaceName: "empty" }),
    environmentList: () => ({ items: [{ name: "main", default: true }] }),
    appList: () => ({}),
  });
  const profiles = [
    profile("bare", empty.url, ""),
    profile("refused", refusing.url),
    profile("offline", `http://127.0.0.1:${await deadPort()}`),
    profile("empty", empty.url),
  ];
  await writeFile(workbench().file("../modal.toml"), profiles.join("\n"));
  await workbench().runCommand("Spawnpoint: Refresh");
  await (await below("bare", /token.*Sign In/i)).click();
  await leaves("Token ID");
  await (await below("refused", /Token not found.*Sign In/)).click();
  await leaves("Token ID");
  refusing.answer({
    workspaceNameLookup: () => ({ workspaceName: "refused" }),
    environmentList: () => ({ items: [{ name: "main", default: true }] }),
    appList: () => ({ apps: [{ appId: "ap-1", name: "welcome-back", state: AppState.DEPLOYED }] }),
  });
  await row(/Token not found/).hover();
  await row(/Token not found/)
    .getByRole("button", { name: "Refresh" })
    .click();
  await workbench().treeItem("welcome-back").waitFor();
  await below("offline", /127\.0\.0\.1.*Retry/);
  await workbench().unfold(workbench().treeItem("empty"));
  await row(/^No app is deployed yet, Deploy App/)
    .nth(1)
    .waitFor(); // The engine has none either.
});

test("an account with 1,000 apps, one of which has 10,000 functions, can be unfolded, filtered and read again", async () => {
  const crowded = await crowdedServer();
  servers.push(crowded);
  crowded.answer({ workspaceNameLookup: () => ({ workspaceName: "crowd" }) });
  await writeFile(workbench().file("../modal.toml"), profile("crowd", crowded.url));
  await workbench().runCommand("Spawnpoint: Refresh");
  await workbench().unfold(workbench().treeItem("crowd"));
  await workbench().treeItem("app-0000").waitFor();
  await workbench().runCommand("Spawnpoint: Filter Apps and Functions");
  await workbench().answer("Part of an app's name", "app-0999/fn-99");
  await workbench().treeItem("app-0000").waitFor({ state: "detached" });
  await workbench().unfold(workbench().treeItem("app-0999"));
  await workbench().treeItem("fn-99").waitFor();
  await workbench().runCommand("Spawnpoint: Clear Filter");
  await workbench().treeItem("app-0000").waitFor();
});

test("rows of an account's environment and class lead to Modal's dashboard, and the environment is selected", async () => {
  const { page } = workbench();
  const server = await FakeModal.start();
  servers.push(server);
  server.answer({
    workspaceNameLookup: () => ({ workspaceName: "spaced" }),
    environmentList: () => ({ items: [{ name: "main", default: true }, { name: "dev" }] }),
    appList: () => ({ apps: [{ appId: "ap-1", name: "models", state: AppState.DEPLOYED }] }),
    appGetInfo: () => ({ info: { lifecycle: { version: 1, appState: AppState.DEPLOYED } } }),
    appGetLayout: () => ({
      appLayout: {
        functionIds: { "Model.*": "fu-1" },
        objects: [
          {
            objectId: "fu-1",
            handleMetadataOneof: {
              case: "functionHandleMetadata",
              value: { functionName: "Model.*", methodHandleMetadata: { train: { functionName: "Model.train" } } },
            },
          },
        ],
      },
    }),
  });
  await writeFile(workbench().file("../modal.toml"), profile("spaced", server.url));
  await workbench().runCommand("Spawnpoint: Refresh");
  await workbench().unfold(workbench().treeItem("spaced"));
  await workbench().treeItem("Model").waitFor();
  await workbench().pickFromMenu(workbench().treeItem("Model"), "Open in Dashboard");
  const question = page.locator(".monaco-dialog-box", { hasText: /modal\.com\/id\/fu-1/ });
  await question.getByRole("button", { name: "Cancel" }).click();
  await workbench().pickFromMenu(workbench().treeItem("dev"), "Select Target");
  await workbench().statusItem("spaced › dev").waitFor();
});
