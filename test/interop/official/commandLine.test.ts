import { test } from "node:test";
import { EngineHarness } from "../../engine/engineHarness.ts";
import { Conversation } from "./conversation.ts";

/**
 * What Modal's own command line says to a server, recorded, and said again to the engine over a real socket: the same requests get the same
 * answers. `shop.py`, which it deploys, is in the recording as the file that it uploads.
 */
test("Modal's command line deploys, deploys again, rolls back, runs, lists and stops an app", async (t) => {
  const harness = await EngineHarness.start(t);
  const conversation = new Conversation(harness.service());
  await t.test("modal deploy shop.py", () => conversation.replay("deploy"));
  await t.test("modal deploy shop.py, unchanged, is the same version", () => conversation.replay("redeploy"));
  await t.test("modal deploy shop.py, changed", () => conversation.replay("redeployChanged"));
  await t.test("modal app history shop", () => conversation.replay("history"));
  await t.test("modal app rollback shop", () => conversation.replay("rollback"));
  await t.test("modal run shop.py", () => conversation.replay("run"));
  await t.test("modal app list", () => conversation.replay("list"));
  await t.test("modal app stop shop", () => conversation.replay("stop"));
});

/**
 * Each recording has its commands one after the other, and between `create` and `list` a program of Modal's Python client. Lists were asked for up to the
 * moment of the recording; here it is one that has not come.
 */
test("Modal's command line and Python client use dicts and queues", async (t) => {
  const harness = await EngineHarness.start(t);
  const conversation = new Conversation(harness.service());
  await t.test("modal dict create, list, get, items, clear, delete", () => conversation.replay("dict"));
  await t.test("modal queue create, list, peek, len, clear, delete", () => conversation.replay("queue"));
});

/** Volumes of both versions: the second sends its files in blocks. What was sent and fetched by HTTP stands between the requests. */
test("Modal's command line uses volumes, secrets and environments", async (t) => {
  const harness = await EngineHarness.start(t);
  const conversation = new Conversation(harness.service());
  await t.test("modal volume create, put, ls, get, cp, rm, list, rename, delete", () => conversation.replay("volume"));
  await t.test("modal secret create, list, delete", () => conversation.replay("secret"));
  await t.test("modal environment create, update, list, delete", () => conversation.replay("environment"));
});
