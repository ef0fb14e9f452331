import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeModal } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("options stack, make another function once, and leave the first one alone", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client({ environmentName: "dev" }).functions.fromName("app", "square");
  const variant = fn
    .withOptions({ timeoutMs: 60_000, maxContainers: 2, retries: 3 })
    .withOptions({ maxContainers: 5 })
    .withConcurrency({ maxInputs: 8, targetInputs: 4 })
    .withBatching({ maxBatchSize: 10, waitMs: 50 });
  assert.deepEqual(server.seen, []);
  const metadata = { functionName: "square", supportedInputFormats: [4] };
  server.intercept("functionBindParams", () => ({ boundFunctionId: "fu-variant", handleMetadata: metadata }));
  assert.deepEqual([await variant.remote([7]), await variant.remote([8]), await fn.remote([9])], [49, 64, 81]);
  const [bind, another] = server.requests("functionBindParams");
  assert.equal(another, undefined);
  const { functionId, environmentName, serializedParams, functionOptions } = bind?.request ?? {};
  assert.deepEqual([functionId, environmentName, serializedParams.length], ["fu-square", "dev", 0]);
  const { timeoutSecs, concurrencyLimit, retryPolicy, maxConcurrentInputs, targetConcurrentInputs } = functionOptions;
  assert.deepEqual([timeoutSecs, concurrencyLimit, retryPolicy.retries], [60, 5, 3]);
  assert.deepEqual([maxConcurrentInputs, targetConcurrentInputs], [8, 4]);
  assert.deepEqual([functionOptions.batchMaxSize, functionOptions.batchLingerMs], [10, 50n]);
  const called = server.requests("functionMap").map(({ request }) => request.functionId);
  assert.deepEqual(called, ["fu-variant", "fu-variant", "fu-square"]);
});

test("options that make no sense are refused at once; a method is sent to its class", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { functions, classes } = server.client();
  const fn = functions.fromName("app", "f");
  assert.throws(() => fn.withOptions({ timeoutMs: 1_500 }), { name: "InvalidError", message: /whole seconds/ });
  server.functionMetadata = { methodHandleMetadata: { add: { isMethod: true } } };
  const method = classes.fromName("app", "Model").instance().method("add").withOptions({ maxContainers: 1 });
  await assert.rejects(method.remote([1]), { name: "InvalidError", message: /change the options of its class/ });
  assert.equal(server.requests("functionBindParams").length, 0);
});
