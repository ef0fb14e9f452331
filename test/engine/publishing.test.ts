import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  AppState,
  Function_DefinitionType as DefinitionType,
  ObjectCreationType,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError } from "../../src/proto/grpc/rpcError.ts";
import { EngineHarness } from "./engineHarness.ts";
import { publish, upload } from "./uploadedApp.ts";

const PRICES = `import os
import modal
from . import rates

app = modal.App("prices")

@app.function()
def price(amount):
    return amount * rates.RATE

@app.function()
def where():
    return os.environ.get("PLACE"), modal.is_local(), open("data/note.txt").read()
`;
const TOTALS = `import modal

app = modal.App("totals")

@app.function()
def total(amounts):
    return sum(amounts)

if modal.is_local():
    @app.function()
    def only_local():
        return 1
`;
const FILES = {
  "/root/shop/__init__.py": "",
  "/root/shop/prices.py": PRICES,
  "/root/shop/rates.py": "RATE = 3\n",
  "/root/totals.py": TOTALS,
  "/root/data/note.txt": "from the mount",
};
const PRICE = { functionName: "price", moduleName: "shop.prices" };
const WHERE = { functionName: "where", moduleName: "shop.prices" };
const TOTAL = { functionName: "total", moduleName: "totals" };

async function engineWithService(t: TestContext) {
  const harness = await EngineHarness.start(t);
  return { harness, service: harness.service(), call: caller(harness) };
}

function caller(harness: EngineHarness) {
  return (name: string, ...args: unknown[]) => harness.modal().functions.fromName("shop", name).remote(args);
}

function refusal(code: string, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof RpcError, String(error));
    assert.equal(error.codeName, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

test("an app of several modules runs from the files that were uploaded, also after a restart and a clean", async (t) => {
  const { harness, service, call } = await engineWithService(t);
  await service.secretGetOrCreate({
    ...{ deploymentName: "place", objectCreationType: ObjectCreationType.CREATE_IF_MISSING },
    envDict: { PLACE: "here" },
  });
  const { secretId } = await service.secretGetOrCreate({ deploymentName: "place", requiredKeys: ["PLACE"] });
  const functions = [PRICE, { ...WHERE, secretIds: [secretId] }, TOTAL];
  await publish(service, { name: "shop", files: FILES, functions });
  const results = async () => [await call("price", 7), await call("where"), await call("total", [1, 2])];
  const expected = [21, ["here", false, "from the mount"], 3];
  assert.deepEqual(await results(), expected);
  await harness.engine().clean({ olderThanSeconds: 0 });
  await harness.end("SIGTERM");
  await harness.restart();
  assert.deepEqual(await Promise.all([call("price", 7), call("where"), call("total", [1, 2])]), expected);
});

test("an app that a client runs has no name that others find, and is over when the client disconnects", async (t) => {
  const { harness, service } = await engineWithService(t);
  const app = { name: "shop", files: FILES, functions: [TOTAL], state: AppState.EPHEMERAL };
  const { appId } = await publish(service, app);
  await service.appHeartbeat({ appId });
  assert.equal((await service.appGetLifecycle({ appId })).lifecycle?.appState, AppState.EPHEMERAL);
  await assert.rejects(
    harness
      .modal()
      .functions.fromName("shop", "total")
      .remote([[1]]),
    /No app named shop/,
  );
  await service.appClientDisconnect({ appId });
  assert.equal((await service.appGetLifecycle({ appId })).lifecycle?.appState, AppState.STOPPED);
  await assert.rejects(service.appHeartbeat({ appId }), refusal("FAILED_PRECONDITION", /is stopped/));
  await assert.rejects(service.appPublish({ appId }), refusal("FAILED_PRECONDITION", /deploy it again/));
});

test("what containers of the engine cannot run is refused in one sentence, and nothing is deployed", async (t) => {
  const { service } = await engineWithService(t);
  const refused = (given: object, code: string, message: RegExp) =>
    assert.rejects(
      publish(service, { name: "shop", files: FILES, functions: [{ ...TOTAL, ...given }] }),
      refusal(code, message),
    );
  await refused({ definitionType: DefinitionType.SERIALIZED }, "FAILED_PRECONDITION", /^total was sent serialized/);
  await refused({ ExperimentalGroupSize: 2 }, "FAILED_PRECONDITION", /^total is for a cluster of 2 containers/);
  await refused({ moduleName: "absent" }, "FAILED_PRECONDITION", /^The module absent is not among/);
  await refused(
    { functionName: "only_local" },
    "FAILED_PRECONDITION",
    /^only_local is not defined when a container imports/,
  );
  await refused({ mountIds: ["mo-none"] }, "NOT_FOUND", /^There is no mount mo-none/);
  await refused({ secretIds: ["st-none"] }, "NOT_FOUND", /^The secret st-none of total/);
  const broken = { "/root/totals.py": "import modal\nimport nothing_of_this_name\n" };
  const app = { name: "shop", files: broken, functions: [TOTAL] };
  await assert.rejects(
    publish(service, app),
    refusal("INVALID_ARGUMENT", /totals\.py, line 2: .*nothing_of_this_name/),
  );
  assert.equal((await service.appGetByDeploymentName({ name: "shop" })).appId, "");
});

test("requests that make no sense are refused with what to do", async (t) => {
  const { service } = await engineWithService(t);
  const { appId } = await service.appCreate({ description: "shop" });
  const files = [{ filename: "/root/a.py", sha256Hex: "0".repeat(64) }];
  const anonymous = { appId, objectCreationType: ObjectCreationType.ANONYMOUS_OWNED_BY_APP };
  const outside = await upload(service, appId, { "/root/a.py": "" }).then(() =>
    service
      .mountGetOrCreate({ ...anonymous, files: [{ filename: "/root/../../a.py" }] })
      .catch((error: unknown) => error),
  );
  assert.ok(refusal("INVALID_ARGUMENT", /cannot have a file "\/root\/\.\.\/\.\.\/a\.py"/)(outside));
  const cases: readonly [Promise<unknown>, string, RegExp][] = [
    [service.appCreate({ appState: AppState.STOPPED }), "INVALID_ARGUMENT", /No app begins in the state STOPPED/],
    [service.appGetOrCreate({ appName: "none" }), "NOT_FOUND", /No app named none/],
    [service.appHeartbeat({ appId: "ap-none" }), "NOT_FOUND", /no app ap-none/],
    [service.functionPrecreate({ appId }), "INVALID_ARGUMENT", /no name/],
    [service.functionPrecreate({ appId, functionName: "f", existingFunctionId: "fu-none" }), "NOT_FOUND", /fu-none/],
    [service.functionCreate({ appId }), "INVALID_ARGUMENT", /no definition/],
    [service.classCreate({ appId }), "FAILED_PRECONDITION", /no class/],
    [service.appPublish({ appId, appState: AppState.STOPPED }), "INVALID_ARGUMENT", /published as STOPPED/],
    [service.appPublish({ appId, functionIds: { f: "fu-none" } }), "NOT_FOUND", /no function f/],
    [service.mountGetOrCreate({ ...anonymous, files }), "FAILED_PRECONDITION", /was not uploaded/],
    [service.mountGetOrCreate({ deploymentName: "mine" }), "NOT_FOUND", /no mount mine/],
    [
      service.mountPutFile({ sha256Hex: "0", dataOneof: { case: "data", value: new Uint8Array() } }),
      "INVALID_ARGUMENT",
      /SHA-256/,
    ],
    [
      service.mountPutFile({ sha256Hex: "0", dataOneof: { case: "dataBlobId", value: "bl-none" } }),
      "NOT_FOUND",
      /bl-none/,
    ],
    [service.imageGetOrCreate({ appId }), "INVALID_ARGUMENT", /no definition/],
    [service.imageGetOrCreate({ existingImageId: "im-none" }), "NOT_FOUND", /no image im-none/],
    [service.secretGetOrCreate({ deploymentName: "none" }), "NOT_FOUND", /modal secret create/],
    [service.volumeGetOrCreate({ deploymentName: "none" }), "NOT_FOUND", /modal volume create/],
    [
      service.volumeGetOrCreate({ deploymentName: "a b", objectCreationType: ObjectCreationType.CREATE_IF_MISSING }),
      "INVALID_ARGUMENT",
      /"a b" cannot name a volume/,
    ],
  ];
  for (const [answer, code, message] of cases) await assert.rejects(answer, refusal(code, message));
});

test("objects are made, found by their name, and not made twice", async (t) => {
  const { service } = await engineWithService(t);
  const named = { deploymentName: "files", objectCreationType: ObjectCreationType.CREATE_FAIL_IF_EXISTS };
  const { volumeId } = await service.volumeGetOrCreate(named);
  assert.equal((await service.volumeGetOrCreate({ deploymentName: "files" })).volumeId, volumeId);
  await assert.rejects(service.volumeGetOrCreate(named), refusal("ALREADY_EXISTS", /a volume files/));
  const modalsOwn = "python-build-standalone.20230826.3.11.5-gnu";
  assert.match((await service.mountGetOrCreate({ deploymentName: modalsOwn })).mountId, /^mo-/);
  const secret = { ...named, deploymentName: "keys", envDict: { ONE: "1" } };
  const { secretId } = await service.secretGetOrCreate(secret);
  const overwritten = {
    ...secret,
    envDict: { TWO: "2" },
    objectCreationType: ObjectCreationType.CREATE_OVERWRITE_IF_EXISTS,
  };
  assert.equal((await service.secretGetOrCreate(overwritten)).secretId, secretId);
  const lookedUp = service.secretGetOrCreate({ deploymentName: "keys", requiredKeys: ["ONE"] });
  await assert.rejects(lookedUp, refusal("FAILED_PRECONDITION", /keys lacks ONE/));
  const { appId } = await service.appGetOrCreate({
    ...{ appName: "empty", objectCreationType: ObjectCreationType.CREATE_IF_MISSING },
  });
  assert.equal((await service.appGetOrCreate({ appName: "empty" })).appId, appId);
});
