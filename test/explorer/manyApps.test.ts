import assert from "node:assert/strict";
import { test } from "node:test";
import type { Arrangement } from "../../src/explorer/arrangement.ts";
import { ExplorerData } from "../../src/explorer/explorerData.ts";
import { LiveStats } from "../../src/explorer/liveStats.ts";
import { ShownNodes } from "../../src/explorer/shownNodes.ts";
import { AppState } from "../../src/proto/gen/modal_pb.js";
import { LazyTarget } from "../../src/targets/lazyTarget.ts";
import type { FakeModal } from "../client/fakeModal.ts";
import { crowdedServer } from "./crowdedServer.ts";

const DEFAULT: Arrangement = { filter: "", sort: "name", grouping: "class" };

async function crowd() {
  const fake = await crowdedServer();
  const modal = fake.client();
  const targets = { all: [new LazyTarget("local", "Local", async () => assert.fail())], modal: async () => modal };
  return { fake, targets };
}

/** The methods that were asked, but for the one that a client asks by itself at any time. */
function asked(fake: FakeModal): string[] {
  return fake.seen.map(({ method }) => method).filter((method) => method !== "authTokenGet");
}

async function unfoldedTarget(data: ExplorerData) {
  const [target] = data.targets();
  assert.ok(target);
  return data.children(target);
}

test("1,000 apps are two requests, and an unfolded one two more; its layout is not asked for again", async () => {
  const { fake, targets } = await crowd();
  await using _ = fake;
  const data = new ExplorerData(targets, () => DEFAULT);
  const apps = await unfoldedTarget(data);
  assert.equal(apps.length, 1_000);
  assert.ok(apps.every((app) => app.kind === "app" && !app.unfolded));
  const methods = () => asked(fake);
  assert.deepEqual(methods(), ["environmentList", "appList"]);

  const last = apps.at(-1);
  assert.ok(last);
  const first = await data.children(last);
  assert.deepEqual(methods().slice(2), ["appGetInfo", "appGetLayout"]);
  assert.equal(first.filter(({ kind }) => kind === "function").length, 10_000);
  const again = await data.children(last);
  assert.deepEqual(methods().slice(4), ["appGetInfo"]);
  assert.ok(again.every((node, index) => node === first[index]));
});

test("of 10,000 functions that are shown, a few at a time are asked about, each in its turn", async () => {
  const { fake, targets } = await crowd();
  await using _ = fake;
  const data = new ExplorerData(targets, () => DEFAULT);
  const last = (await unfoldedTarget(data)).at(-1);
  assert.ok(last);
  const functions = await data.children(last);
  const shown = new ShownNodes();
  shown.set(last, functions);
  const stats = new LiveStats(targets);
  await stats.update(functions);
  const number = fake.requests("functionGetCurrentStats").length;
  assert.ok(number > 0 && number < 100, `${number} requests`);
  assert.deepEqual(shown.changedBelow(last), functions.slice(0, number));
  assert.deepEqual(shown.changedBelow(last), []);
  await stats.update(functions);
  assert.equal(shown.changedBelow(last)[0], functions[number]);
});

test("the order by last deployment asks about every app once, and about some again later", async () => {
  const { fake, targets } = await crowd();
  await using _ = fake;
  fake.answer({
    appGetInfo: ({ appId }) => ({
      info: { lifecycle: { version: 1, appState: AppState.DEPLOYED, deployedAt: appId === "ap-500" ? 2 : 1 } },
    }),
  });
  const data = new ExplorerData(targets, () => ({ ...DEFAULT, sort: "deployed" }));
  const names = async () => (await unfoldedTarget(data)).map((app) => (app.kind === "app" ? app.appName : app.kind));
  assert.deepEqual((await names()).slice(0, 3), ["app-0500", "app-0000", "app-0001"]);
  assert.equal(fake.requests("appGetInfo").length, 1_000);
  await names();
  const number = fake.requests("appGetInfo").length - 1_000;
  assert.ok(number > 0 && number <= 40, `${number} requests`);
});

test("the order by last call puts apps first that were called from here, in the same place", async () => {
  const { fake, targets } = await crowd();
  await using _ = fake;
  const call = { targetName: "Local", environmentName: "", functionName: "fn-1", kind: "run" } as const;
  const records = [
    { ...call, functionCallId: "fc-1", targetId: "local", appName: "app-0007", createdAt: 1 },
    { ...call, functionCallId: "fc-2", targetId: "local", appName: "app-0008", createdAt: 2 },
    { ...call, functionCallId: "fc-3", targetId: "profile:other", appName: "app-0009", createdAt: 3 },
  ];
  const data = new ExplorerData(
    targets,
    () => ({ ...DEFAULT, sort: "called" }),
    () => records,
  );
  const apps = await unfoldedTarget(data);
  const names = apps.slice(0, 3).map((app) => (app.kind === "app" ? app.appName : app.kind));
  assert.deepEqual(names, ["app-0008", "app-0007", "app-0000"]);
});

test("a filter and an order take no further request", async () => {
  const { fake, targets } = await crowd();
  await using _ = fake;
  let arrangement: Arrangement = { ...DEFAULT, filter: "APP-000", sort: "newest" };
  const data = new ExplorerData(targets, () => arrangement);
  const names = async () => (await unfoldedTarget(data)).map((app) => (app.kind === "app" ? app.appName : app.kind));
  assert.deepEqual((await names()).slice(0, 2), ["app-0009", "app-0008"]);
  arrangement = { ...arrangement, filter: "nothing is called so" };
  assert.deepEqual(await names(), ["noApps"]);
  arrangement = { ...arrangement, filter: "app-0001/fn-7" };
  const [app] = await unfoldedTarget(data);
  assert.ok(app);
  const shown = (await data.children(app)).flatMap((row) => (row.kind === "function" ? [row.functionName] : []));
  assert.deepEqual(shown, ["fn-7"]);
  assert.deepEqual([...new Set(asked(fake))].sort(), ["appGetInfo", "appGetLayout", "appList", "environmentList"]);
});
