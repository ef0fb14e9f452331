import assert from "node:assert/strict";
import { test } from "node:test";
import { type FunctionCall, RemoteError } from "../../src/client/index.ts";
import { DataFormat, GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal, gate, outputItem, until } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test("remote makes one unary call and returns its value", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = (args, kwargs) => [args, kwargs];
  let call: FunctionCall | undefined;
  const fn = server.client({ environmentName: "dev" }).functions.fromName("app", "f", { version: 3 });
  const value = await fn.remote([1, "a"], { k: null }, { onCall: (made) => (call = made) });
  assert.deepEqual(value, [[1, "a"], { k: null }]);
  assert.equal(call?.functionCallId, "fc-1");
  const [get] = server.requests("functionGet");
  assert.deepEqual(
    [get?.request.appName, get?.request.objectTag, get?.request.environmentName, get?.request.appVersion],
    ["app", "f", "dev", 3],
  );
  const [map] = server.requests("functionMap");
  assert.deepEqual([map?.request.functionCallType, map?.request.functionCallInvocationType], [1, 4]);
  const [poll] = server.requests("functionGetOutputs");
  assert.deepEqual([poll?.request.timeout, poll?.request.clearOnSuccess, poll?.request.startIdx], [55, true, 0]);
});

test("the arguments cross as the CBOR pair that Python expects", LIMIT, async () => {
  await using server = await FakeModal.start();
  await server.client().functions.fromName("app", "f").remote([7]);
  const [map] = server.requests("functionMap");
  const { input } = map?.request.pipelinedInputs[0] ?? {};
  assert.equal(Buffer.from(input.argsOneof.value).toString("hex"), "828107a0");
  assert.equal(input.dataFormat, DataFormat.CBOR);
});

test("an input that the server left out of the call is put by itself", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.takesPipelinedInputs = false;
  assert.equal(await server.client().functions.fromName("app", "f").remote([3]), 9);
  assert.equal(server.requests("functionPutInputs").length, 1);
});

test("a function is looked up once, however many calls begin at once", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  await Promise.all([fn.remote([1]), fn.remote([2]), fn.hydrate()]);
  assert.equal(server.requests("functionGet").length, 1);
  assert.equal(fn.functionId, "fu-f");
  assert.equal(fn.isGenerator, false);
});

test("a failed lookup is not remembered, and says what was looked for", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("functionGet", 5, 1, "no such app");
  const fn = server.client().functions.fromName("app", "f");
  await assert.rejects(fn.hydrate(), (error: Error) => {
    assert.equal(error.name, "NotFoundError");
    assert.match(error.message, /no function "f" in the app "app".*no such app/);
    return (error.cause as Error).name === "NotFoundError";
  });
  assert.equal(await fn.remote([3]), 9);
});

test("what cannot be called is refused before any call is made", LIMIT, async () => {
  await using server = await FakeModal.start();
  const { functions } = server.client();
  const refusals: [object, RegExp][] = [
    [{ webUrl: "https://x.example" }, /web endpoint.*https:\/\/x\.example/],
    [{ supportedInputFormats: [DataFormat.ASGI] }, /neither CBOR nor pickled/],
  ];
  for (const [metadata, message] of refusals) {
    server.functionMetadata = metadata;
    await assert.rejects(functions.fromName("app", "f").remote([1]), { name: "InvalidError", message });
    await assert.rejects(functions.fromName("app", "f").spawn([1]), { name: "InvalidError", message });
    await assert.rejects(collect(functions.fromName("app", "f").map([[1]])), { name: "InvalidError", message });
  }
  assert.equal(server.requests("functionMap").length, 0);
  assert.throws(() => functions.fromName("app", "Class.method"), { name: "InvalidError" });
  assert.throws(() => functions.fromId("f"), { name: "InvalidError" });
  assert.throws(() => functions.fromName("app", "f").functionId, { name: "InvalidError", message: /hydrate/ });
  await assert.rejects(functions.fromId("fu-1").remote([1]), { name: "InvalidError", message: /fromName/ });
});

test("spawn returns at once, and get waits", LIMIT, async () => {
  await using server = await FakeModal.start();
  const finished = gate();
  server.run = async () => {
    await finished.promise;
    return "done";
  };
  const call = await server.client().functions.fromName("app", "f").spawn();
  assert.equal(server.requests("functionMap")[0]?.request.functionCallInvocationType, 3);
  const value = call.get();
  await until(() => server.requests("functionGetOutputs").length === 1);
  finished.open();
  assert.equal(await value, "done");
  assert.equal(await call.get(), "done");
  assert.equal(
    server.requests("functionGetOutputs").every(({ request }) => !request.clearOnSuccess),
    true,
  );
});

test("get with a timeout of 0 asks exactly once and does not wait", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const call = await server.client().functions.fromName("app", "f").spawn();
  await assert.rejects(call.get({ timeoutMs: 0 }), { name: "TimeoutError" });
  assert.deepEqual(
    server.requests("functionGetOutputs").map(({ request }) => request.timeout),
    [0],
  );
});

test("get with a timeout asks for no more than is left, and then raises TimeoutError", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const call = await server.client().functions.fromName("app", "f").spawn();
  await assert.rejects(call.get({ timeoutMs: 60 }), {
    name: "TimeoutError",
    message: /input 0 of fc-1 is not there yet/,
  });
  for (const { request } of server.requests("functionGetOutputs")) assert.ok(request.timeout <= 0.06);
});

test("an output that the server no longer has is OutputExpiredError", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  server.intercept(
    "functionGetOutputs",
    () => ({ numUnfinishedInputs: 0 }),
    () => ({ numUnfinishedInputs: 0 }),
  );
  await assert.rejects(call.get(), { name: "OutputExpiredError" });
  await assert.rejects(call.output(0), { name: "OutputExpiredError" });
});

test("a server that answers early and empty is not flooded", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([3]);
  const empty = () => ({ numUnfinishedInputs: 1 });
  server.intercept("functionGetOutputs", ...Array.from({ length: 1_000 }, () => empty));
  await assert.rejects(call.get({ timeoutMs: 300 }), { name: "TimeoutError" });
  assert.ok(server.requests("functionGetOutputs").length < 15);
});

test("an abort ends the wait with the signal's reason, on the server too", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const call = await server.client().functions.fromName("app", "f").spawn();
  const controller = new AbortController();
  const value = call.get({ signal: controller.signal });
  await until(() => server.requests("functionGetOutputs").length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(value, { message: "enough" });
  await until(() => server.requests("functionGetOutputs")[0]?.signal.aborted === true);
});

test("each status raises Modal's error", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  const raised: [Status, string, string][] = [
    [Status.FAILURE, "RemoteError", "ValueError('boom')"],
    [Status.INIT_FAILURE, "RemoteError", "ValueError('boom')"],
    [Status.TERMINATED, "RemoteError", "ValueError('boom')"],
    [Status.TIMEOUT, "FunctionTimeoutError", "ValueError('boom')"],
    [Status.INTERNAL_FAILURE, "InternalFailure", "ValueError('boom')"],
  ];
  for (const [status, name, message] of raised) {
    const output = outputItem(0, status, { exception: "ValueError('boom')", traceback: "Traceback …" });
    server.intercept("functionGetOutputs", () => ({ outputs: [output] }));
    await assert.rejects(call.get(), (error: Error) => {
      assert.deepEqual([error.name, error.message], [name, message]);
      return !(error instanceof RemoteError) || error.traceback === "Traceback …";
    });
  }
});

test("results that cannot be read say so", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  const good = outputItem(0, Status.SUCCESS, { value: 1 });
  const damaged = {
    ...good,
    result: { ...good.result, dataOneof: { case: "data" as const, value: Buffer.from("8201", "hex") } },
  };
  for (const output of [{ ...good, dataFormat: DataFormat.PICKLE }, damaged]) {
    server.intercept("functionGetOutputs", () => ({ outputs: [output] }));
    await assert.rejects(call.get(), { name: "DeserializationError" });
  }
});

test("an unknown status reads as unspecified and fails", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  server.intercept("functionGetOutputs", () => ({ outputs: [outputItem(0, 99 as Status)] }));
  const output = await call.output(0);
  assert.equal(output.status, "UNSPECIFIED");
  assert.throws(() => output.value(), { name: "RemoteError", message: /UNSPECIFIED/ });
});

test("gather returns all values, and raises the first failure", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = ([x]) => {
    if (x === 0) throw new Error("zero");
    return x;
  };
  const modal = server.client();
  const fn = modal.functions.fromName("app", "f");
  const [one, two, zero] = await Promise.all([fn.spawn([1]), fn.spawn([2]), fn.spawn([0])]);
  assert.deepEqual(await modal.calls.gather(one, two), [1, 2]);
  await assert.rejects(modal.calls.gather(one, zero, two), { name: "RemoteError" });
});

test("cancel, hydrate, stats and ids", LIMIT, async () => {
  await using server = await FakeModal.start();
  const modal = server.client();
  const { functionCallId } = await modal.functions.fromName("app", "f").spawn([1]);
  const call = modal.calls.fromId(functionCallId);
  await call.cancel({ terminateContainers: true });
  assert.equal(server.requests("functionCallCancel")[0]?.request.terminateContainers, true);
  assert.deepEqual(await call.hydrate(), { appId: "ap-1", functionId: "fu-1", numInputs: 1 });
  const stats = { backlog: 4, numTotalRunners: 3, numRunningInputs: 2, inputHeadroom: 1, startFailure: "" };
  assert.deepEqual(await modal.functions.fromId("fu-1").getCurrentStats(), stats);
  assert.deepEqual(await modal.functions.fromName("app", "f").getCurrentStats(), stats);
  assert.throws(() => modal.calls.fromId("in-1"), { name: "InvalidError" });
  await assert.rejects(modal.calls.fromId("fc-99").get(), { name: "NotFoundError", message: "No call fc-99." });
});

test("a result that may take its time is waited for while the server is away", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("functionGetOutputs", RpcStatus.UNAVAILABLE, 6);
  assert.equal(await server.client().functions.fromName("app", "f").remote([4]), 16);
});
