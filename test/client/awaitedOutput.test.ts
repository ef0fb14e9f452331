// The answer to a call that has its output with it: from our engine, which can hold an answer so long.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionCall } from "../../src/client/index.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { FakeInputPlane } from "./fakeInputPlane.ts";
import { collect, FakeModal, outputItem } from "./fakeModal.ts";
import { FakeStorage } from "./fakeStorage.ts";
import { PausedCaller } from "./pausedCaller.ts";

const LIMIT = { timeout: 20_000 };

async function serverWith(awaitedOutput: object, answer: object = {}): Promise<FakeModal> {
  const server = await FakeModal.start();
  server.callAnswer = { awaitedOutput, ...answer };
  return server;
}

test("an output that comes with the answer is not asked for again", LIMIT, async () => {
  await using server = await serverWith(outputItem(0, Status.SUCCESS, { value: "early" }));
  const made: FunctionCall[] = [];
  const fn = server.client().functions.fromName("app", "f");
  assert.equal(await fn.remote([3], {}, { onCall: (call) => made.push(call) }), "early");
  assert.deepEqual(
    made.map(({ functionCallId }) => functionCallId),
    ["fc-1"],
  );
  const [map] = server.requests("functionMap");
  assert.ok(map?.request.outputWaitMs > 0 && map?.request.outputWaitMs < 100);
  assert.equal(server.requests("functionGetOutputs").length, 0);
});

test("a failure that comes with the answer is raised", LIMIT, async () => {
  const output = outputItem(0, Status.FAILURE, { exception: "ValueError('no')", traceback: "Traceback …" });
  await using server = await serverWith(output);
  await assert.rejects(server.client().functions.fromName("app", "f").remote([3]), {
    name: "RemoteError",
    message: "ValueError('no')",
  });
});

test("a large value that comes with the answer as a blob is downloaded", LIMIT, async () => {
  await using storage = await FakeStorage.start();
  const { result, ...output } = outputItem(0, Status.SUCCESS, { value: "large" });
  storage.blobs.set("bl-1", Buffer.from(result.dataOneof.value));
  const dataOneof = { case: "dataBlobId", value: "bl-1" };
  await using server = await serverWith({ ...output, result: { ...result, dataOneof } });
  server.storage = storage;
  assert.equal(await server.client().functions.fromName("app", "f").remote([3]), "large");
});

test("an input that the client tries again has the output of its last attempt, which is asked for", LIMIT, async () => {
  const policy = { retries: 1, initialDelayMs: 1_000, backoffCoefficient: 1, maxDelayMs: 1_000 };
  const retried = { retryPolicy: policy, syncClientRetriesEnabled: true };
  await using server = await serverWith(outputItem(0, Status.FAILURE, { exception: "the first" }), retried);
  server.answer({ functionRetryInputs: () => ({ inputJwts: ["another"] }) });
  using caller = new PausedCaller(server);
  assert.equal(await caller.remote([3]), 9);
  assert.deepEqual(caller.pausesMs, [1_000]);
  assert.equal(server.requests("functionGetOutputs").length, 1);
});

test(
  "an input plane gives the output of the first attempt with its token, and those of others later",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    await using plane = await FakeInputPlane.start(server);
    plane.retryPolicy = { retries: 1, initialDelayMs: 1_000 };
    plane.awaitedOutput = outputItem(0, Status.SUCCESS, { value: "early" });
    using caller = new PausedCaller(server);
    assert.equal(await caller.remote([3]), "early");
    plane.awaitedOutput = outputItem(0, Status.FAILURE, { exception: "the first" });
    assert.equal(await caller.remote([3]), 9);
    assert.deepEqual(
      plane.server.seen.map(({ method }) => method),
      ["attemptStart", "attemptStart", "attemptRetry", "attemptAwait"],
    );
    const [start] = plane.server.requests("attemptStart");
    assert.ok(start?.request.outputWaitMs > 0 && start?.request.outputWaitMs < 100);
  },
);

test("an abort while the answer is held ends the waiting, and the call is known by then", LIMIT, async () => {
  await using server = await serverWith(outputItem(0, Status.SUCCESS, { value: "early" }));
  const leaving = new AbortController();
  server.run = () => leaving.abort(new Error("left"));
  const made: FunctionCall[] = [];
  const fn = server.client().functions.fromName("app", "f");
  const options = { signal: leaving.signal, onCall: (call: FunctionCall) => made.push(call) };
  await assert.rejects(fn.remote([3], {}, options), /left/);
  assert.equal(made.length, 1);
});

test("nobody waits for the output of a spawned call, of a map or of a generator", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "f");
  await fn.spawn([3]);
  await collect(fn.map([[1, 2]]));
  assert.deepEqual(
    server.requests("functionMap").map(({ request }) => request.outputWaitMs),
    [0, 0],
  );
});
