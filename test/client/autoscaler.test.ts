import assert from "node:assert/strict";
import { test } from "node:test";
import { type AutoscalerSettings, UnimplementedError } from "../../src/client/index.ts";
import { FakeModal } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("updateAutoscaler sends what is set, and tells what is in force", LIMIT, async () => {
  await using server = await FakeModal.start();
  const currentSettings = { minContainers: 1, maxContainers: 5, scaledownWindow: 60 };
  server.intercept("functionUpdateSchedulingParams", () => ({ currentSettings }));
  const fn = server.client().functions.fromName("app", "f");
  const inForce = await fn.updateAutoscaler({ maxContainers: 5, bufferContainers: 0, scaledownWindowMs: 60_000 });
  assert.deepEqual(inForce, { minContainers: 1, maxContainers: 5, scaledownWindowMs: 60_000 });
  const [{ request } = assert.fail()] = server.requests("functionUpdateSchedulingParams");
  assert.equal(request.functionId, "fu-f");
  const { minContainers, maxContainers, bufferContainers, scaledownWindow } = request.settings;
  assert.deepEqual([minContainers, maxContainers, bufferContainers, scaledownWindow], [undefined, 5, 0, 60]);
});

test("keepWarm is the minimum", LIMIT, async () => {
  await using server = await FakeModal.start();
  const answer = () => ({ currentSettings: { minContainers: 3 } });
  server.intercept("functionUpdateSchedulingParams", answer);
  assert.deepEqual(await server.client().functions.fromId("fu-1").keepWarm(3), { minContainers: 3 });
  const [{ request } = assert.fail()] = server.requests("functionUpdateSchedulingParams");
  assert.deepEqual([request.functionId, request.settings.minContainers], ["fu-1", 3]);
  assert.equal(server.requests("functionGetById").length, 0);
});

test("settings that make no sense are refused before anything is sent", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  const wrong: [AutoscalerSettings, RegExp][] = [
    [{ minContainers: -1 }, /minContainers must be a whole number from 0; it is -1/],
    [{ maxContainers: 1.5 }, /maxContainers must be a whole number/],
    [{ bufferContainers: Number.NaN }, /bufferContainers must be a whole number/],
    [{ bufferContainers: 2 ** 32 }, /bufferContainers must be a whole number/],
    [{ minContainers: 3, maxContainers: 2 }, /minContainers \(3\) is larger than maxContainers \(2\)/],
    [{ scaledownWindowMs: 1_500 }, /scaledownWindowMs must be whole seconds above 0.*1500/],
    [{ scaledownWindowMs: 0 }, /scaledownWindowMs must be whole seconds above 0/],
  ];
  for (const [settings, message] of wrong) {
    await assert.rejects(fn.updateAutoscaler(settings), { name: "InvalidError", message });
  }
  await assert.rejects(fn.keepWarm(-2), { name: "InvalidError" });
  assert.equal(server.requests("functionUpdateSchedulingParams").length, 0);
});

test("a method is refused: it shares the containers of its instance", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.functionMetadata = { isMethod: true };
  const fn = server.client().functions.fromName("app", "f");
  const refusal = { name: "InvalidError", message: /f is a method.*call it on the instance/ };
  await assert.rejects(fn.keepWarm(1), refusal);
  await assert.rejects(fn.getAutoscaler(), refusal);
});

test("getAutoscaler tells each setting and where it comes from, or that the server cannot", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  const autoscalerConfiguration = {
    settings: { minContainers: 2, maxContainers: 4, bufferContainers: 0, scaledownWindow: 60 },
    defaultSettings: { scaledownWindow: 60 },
    staticSettings: { maxContainers: 4 },
    overrideSettings: { minContainers: 2 },
  };
  server.intercept("functionGetSchedulingParams", () => ({ autoscalerConfiguration }));
  assert.deepEqual(await fn.getAutoscaler(), {
    settings: { minContainers: 2, maxContainers: 4, bufferContainers: 0, scaledownWindowMs: 60_000 },
    defaultSettings: { scaledownWindowMs: 60_000 },
    staticSettings: { maxContainers: 4 },
    overrideSettings: { minContainers: 2 },
  });
  await assert.rejects(fn.getAutoscaler(), (error) => {
    return error instanceof UnimplementedError && /does not tell.*updateAutoscaler\(\)/.test(error.message);
  });
});
