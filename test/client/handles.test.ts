import assert from "node:assert/strict";
import { test } from "node:test";
import { Function_FunctionType } from "../../src/proto/gen/modal_pb.js";
import { FakeModal } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("handles tell what they were made from, without a request", LIMIT, async () => {
  await using server = await FakeModal.start();
  const modal = server.client();
  const fn = modal.functions.fromName("app", "f");
  const cls = modal.classes.fromName("app", "Model");
  const method = cls.instance().method("add");
  assert.equal(modal.url, server.url);
  assert.deepEqual([fn.appName, fn.name], ["app", "f"]);
  assert.deepEqual([cls.appName, cls.name], ["app", "Model"]);
  assert.deepEqual([method.appName, method.name], ["app", "Model.add"]);
  assert.equal(modal.functions.fromId("fu-1").functionId, "fu-1");
  assert.equal(modal.calls.fromId("fc-1").functionCallId, "fc-1");
  assert.deepEqual(server.seen, []);
});

test("what only the server knows is there after hydrate, and refused before", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.functionMetadata = { functionType: Function_FunctionType.GENERATOR };
  const fn = server.client().functions.fromName("app", "f");
  for (const ask of [() => fn.functionId, () => fn.isGenerator, () => fn.schema, () => fn.webUrl]) {
    assert.throws(ask, { name: "InvalidError", message: /call hydrate\(\) on it first/ });
  }
  await fn.hydrate();
  assert.deepEqual([fn.functionId, fn.isGenerator, fn.schema, fn.webUrl], ["fu-f", true, undefined, undefined]);
});

test("an instance has an id and containers of its own", LIMIT, async () => {
  await using server = await FakeModal.start();
  const instance = server.client().classes.fromName("app", "Model").withOptions({ maxContainers: 3 }).instance();
  server.intercept("functionBindParams", () => ({ boundFunctionId: "fu-bound", handleMetadata: {} }));
  server.intercept("functionUpdateSchedulingParams", () => ({ currentSettings: { minContainers: 2 } }));
  server.intercept("functionGetSchedulingParams", () => ({
    autoscalerConfiguration: { settings: { minContainers: 2, maxContainers: 3 } },
  }));
  assert.throws(() => instance.functionId, { name: "InvalidError" });
  assert.deepEqual(await instance.keepWarm(2), { minContainers: 2 });
  assert.equal(instance.functionId, "fu-bound");
  assert.deepEqual((await instance.getAutoscaler()).settings, { minContainers: 2, maxContainers: 3 });
  for (const method of ["functionUpdateSchedulingParams", "functionGetSchedulingParams"]) {
    assert.equal(server.requests(method)[0]?.request.functionId, "fu-bound");
  }
});
