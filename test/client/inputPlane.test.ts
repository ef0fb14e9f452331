import assert from "node:assert/strict";
import { test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { encode } from "cbor-x";
import { type Pause, pause } from "../../src/client/connection/retry.ts";
import type { FunctionCall } from "../../src/client/index.ts";
import {
  DataFormat,
  Function_FunctionType,
  GeneratorDoneSchema,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { FakeInputPlane } from "./fakeInputPlane.ts";
import { collect, FakeModal, outputItem, until } from "./fakeModal.ts";
import { PausedCaller } from "./pausedCaller.ts";
import { deadPort } from "./relay.ts";
import { type Attempt, type MapScript, ScriptedMaps } from "./scriptedMap.ts";

const LIMIT = { timeout: 20_000 };

test(
  "a function with an input plane is called there, and looked up and spawned on the control plane",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    await using plane = await FakeInputPlane.start(server);
    const fn = server.client().functions.fromName("app", "f");
    const calls: unknown[] = [];
    assert.equal(await fn.remote([7], {}, { onCall: (call) => calls.push(call) }), 49);
    assert.deepEqual(
      plane.server.seen.map(({ method }) => method),
      ["attemptStart", "attemptAwait"],
    );
    assert.deepEqual(
      server.seen.map(({ method }) => method),
      ["authTokenGet", "functionGet"],
    );
    assert.deepEqual(calls, [], "An input plane tells no id.");
    await (await fn.spawn([7])).get();
    assert.equal(server.requests("functionMap").length, 1);
    await fn.spawnMap([[7]]);
    assert.equal(server.requests("functionMap").length, 2);
    assert.equal(plane.server.seen.length, 2);
  },
);

test("requests to an input plane carry its region, the control plane's token and the credentials", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  server.intercept("authTokenGet", () => ({ token: "the-token" }));
  const fn = server.client().functions.fromName("app", "f");
  await Promise.all([fn.remote([1]), fn.remote([2])]);
  assert.equal(server.requests("authTokenGet").length, 1);
  for (const { metadata } of plane.server.seen) {
    assert.equal(metadata("x-modal-input-plane-region"), "us-test");
    assert.equal(metadata("x-modal-auth-token"), "the-token");
    assert.equal(metadata("x-modal-token-id"), "ak-1");
  }
  const [start, , wait] = [...plane.server.requests("attemptStart"), ...plane.server.requests("attemptAwait")];
  assert.deepEqual([start?.request.functionId, start?.request.input.idx], ["fu-f", 0]);
  assert.equal(wait?.request.timeoutSecs, 55);
});

test("an attempt that is not ready is waited for again", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  plane.server.intercept(
    "attemptAwait",
    () => ({}),
    () => ({}),
  );
  assert.equal(await server.client().functions.fromName("app", "f").remote([3]), 9);
  assert.equal(plane.server.requests("attemptAwait").length, 3);
});

test("a failed attempt is made again by the policy, each time with the token of the one before", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  plane.retryPolicy = { retries: 2, initialDelayMs: 2_000, backoffCoefficient: 2 };
  plane.endings = [Status.FAILURE, Status.TIMEOUT];
  using caller = new PausedCaller(server);
  assert.equal(await caller.remote([3]), 9);
  assert.deepEqual(caller.pausesMs, [2_000, 4_000]);
  assert.deepEqual(
    plane.server.requests("attemptRetry").map(({ request }) => request.attemptToken),
    ["at-0", "at-1"],
  );
  assert.deepEqual(
    plane.server.requests("attemptAwait").map(({ request }) => request.attemptToken),
    ["at-0", "at-1", "at-2"],
  );
  plane.endings = [Status.FAILURE, Status.FAILURE, Status.FAILURE];
  await assert.rejects(caller.remote([3]), { name: "RemoteError", message: "attempt 2" });
});

test("a failure of Modal's machinery is tried again at once, seven times", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  using caller = new PausedCaller(server);
  plane.endings = Array<Status>(7).fill(Status.INTERNAL_FAILURE);
  assert.equal(await caller.remote([3]), 9);
  plane.endings = Array<Status>(8).fill(Status.INTERNAL_FAILURE);
  await assert.rejects(caller.remote([3]), { name: "InternalFailure", message: "attempt 7" });
  assert.equal(plane.server.requests("attemptRetry").length, 14);
  assert.deepEqual(caller.pausesMs, []);
});

test("an abort ends the wait for an attempt, on the input plane too", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  plane.server.run = () => new Promise(() => {});
  const controller = new AbortController();
  const value = server.client().functions.fromName("app", "f").remote([1], {}, { signal: controller.signal });
  await until(() => plane.server.requests("attemptAwait").length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(value, { message: "enough" });
  await until(() => plane.server.requests("attemptAwait")[0]?.signal.aborted === true);
});

test("closing the client ends what waits on an input plane, and nothing new begins there", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  plane.server.run = () => new Promise(() => {});
  const client = server.client();
  const fn = await client.functions.fromName("app", "f").hydrate();
  const value = fn.remote([1]);
  await until(() => plane.server.requests("attemptAwait").length === 1);
  client.close();
  await assert.rejects(value, { name: "ClientClosed" });
  await assert.rejects(fn.remote([1]), { name: "ClientClosed" });
});

test("an input plane without its methods, or that is not there, is an error and no silent detour", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using bare = await FakeModal.start();
  server.functionMetadata = { inputPlaneUrl: bare.url };
  const fn = server.client().functions.fromName("app", "f");
  await assert.rejects(fn.remote([1]), { name: "UnimplementedError", message: /attemptStart/ });
  await assert.rejects(collect(fn.map([[1]])), { name: "UnimplementedError", message: /mapStartOrContinue/ });
  server.functionMetadata = { inputPlaneUrl: `http://127.0.0.1:${await deadPort()}` };
  using caller = new PausedCaller(server);
  await assert.rejects(caller.remote([1]), {
    name: "ConnectionError",
    message: /Cannot reach the Modal server at http/,
  });
  assert.equal(server.requests("functionMap").length, 0);
});

test(
  "a generator's items are streamed by its attempt, without tokens in the metadata, and again where it stopped",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    server.functionMetadata = { functionType: Function_FunctionType.GENERATOR };
    await using plane = await FakeInputPlane.start(server);
    const done = outputItem(0, Status.SUCCESS);
    const value = toBinary(GeneratorDoneSchema, create(GeneratorDoneSchema, { itemsTotal: 3n }));
    const result = { ...done.result, dataOneof: { case: "data" as const, value } };
    plane.server.intercept("attemptAwait", () => ({
      output: { ...done, dataFormat: DataFormat.GENERATOR_DONE, result },
    }));
    const chunk = (index: number) => ({
      index: BigInt(index),
      dataFormat: DataFormat.CBOR,
      dataOneof: { case: "data" as const, value: encode(`item ${index}`) },
    });
    plane.server.intercept(
      "functionCallGetDataOut",
      async function* () {
        yield chunk(1);
        yield chunk(2);
        throw new RpcError(RpcStatus.UNAVAILABLE, "the stream broke");
      },
      async function* () {
        yield chunk(2);
        yield chunk(3);
      },
    );
    const items = await collect(server.client().functions.fromName("app", "f").remoteGen([1]));
    assert.deepEqual(items, ["item 1", "item 2", "item 3"]);
    const streams = plane.server.requests("functionCallGetDataOut");
    assert.deepEqual(
      streams.map(({ request }) => [request.callInfo, request.lastIndex]),
      [
        [{ case: "attemptToken", value: "at-0" }, 0n],
        [{ case: "attemptToken", value: "at-0" }, 2n],
      ],
    );
    for (const { metadata } of streams) {
      assert.equal(metadata("x-modal-auth-token"), undefined);
      assert.equal(metadata("x-modal-token-id"), "ak-1");
    }
  },
);

function attempts(...outcomes: Attempt["outcome"][]): Attempt[] {
  return outcomes.map((outcome) => ({ outcome, durationMs: 1, isRepeated: false }));
}

/** A function of a server whose maps run by a script on an input plane. */
async function mapPlane(
  inputs: MapScript["inputs"],
  run: Pause = pause,
): Promise<{ server: FakeModal; plane: FakeInputPlane }> {
  const server = await FakeModal.start();
  const plane = await FakeInputPlane.start(server);
  const script = { inputs, retries: 1, maxInputsOutstanding: 0, maxOutputs: 1_000, connection: [] };
  plane.server.answer(new ScriptedMaps(script, "input plane", run).handlers);
  return { server, plane };
}

test("a map on an input plane counts from 1, goes on by its token, and acknowledges nothing", LIMIT, async () => {
  const { server, plane } = await mapPlane(Array.from({ length: 200 }, () => attempts("success")));
  await using _ = server;
  await using __ = plane;
  const inputs = Array.from({ length: 200 }, (_, index) => index);
  const results = await collect(server.client().functions.fromName("app", "f").map([inputs]));
  assert.deepEqual(
    results,
    inputs.map((index) => [index, 0]),
  );
  const requests = plane.server.requests("mapStartOrContinue").map(({ request }) => request);
  assert.deepEqual(
    requests.map(({ callInfo }) => [callInfo.case, callInfo.value]),
    requests.map((_, place) => ["mapToken", place === 0 ? "" : "mt-0"]),
  );
  const sent = requests.flatMap(({ items }) => items.map((item: { input: { idx: number } }) => item.input.idx));
  assert.deepEqual(
    sent,
    inputs.map((index) => index + 1),
  );
  assert.ok(requests.every(({ items }) => items.length <= 49));
  assert.deepEqual(plane.server.requests("mapAwait")[0]?.request.lastEntryId, "");
  assert.equal(server.requests("functionGetOutputs").length, 0);
});

test("a map tries failed and lost inputs again one at a time, with the token of each attempt", LIMIT, async () => {
  const { server, plane } = await mapPlane([
    attempts("failure", "success"),
    attempts("lost", "success"),
    attempts("failure", "failure", "success"),
    attempts("internalFailure", "lost", "internalFailure", "success"),
  ]);
  await using _ = server;
  await using __ = plane;
  using caller = new PausedCaller(server);
  assert.deepEqual(await collect(caller.map([0, 1, 2, 3])), [[0, 1], [1, 1], "attempt 1 of 2", [3, 3]]);
  const retries = plane.server.requests("mapStartOrContinue").slice(1);
  assert.equal(retries.length, 6);
  for (const { request } of retries) {
    assert.equal(request.items.length, 1);
    assert.notEqual(request.items[0].attemptToken, undefined);
  }
  for (const { request } of plane.server.requests("mapCheckInputs")) assert.equal(request.timeout, 0);
});

test("a map goes on without asking for lost inputs when the server cannot be asked", LIMIT, async () => {
  const asked = () => plane.server.requests("mapCheckInputs").length;
  const { server, plane } = await mapPlane([attempts("failure", "success")], () => until(() => asked() > 0));
  await using _ = server;
  await using __ = plane;
  plane.server.fail("mapCheckInputs", RpcStatus.UNIMPLEMENTED, 1_000);
  using caller = new PausedCaller(server);
  assert.deepEqual(await collect(caller.map([0])), [[0, 1]]);
  assert.equal(asked(), 1);
});

test("a map without inputs makes no call on an input plane", LIMIT, async () => {
  const { server, plane } = await mapPlane([]);
  await using _ = server;
  await using __ = plane;
  async function* nothing() {}
  const fn = server.client().functions.fromName("app", "f");
  assert.deepEqual(await collect(fn.map([[]])), []);
  assert.deepEqual(await collect(fn.map([nothing()])), []);
  assert.equal(plane.server.seen.length, 0);
});

test("an abort ends a map on an input plane, whose call can be cancelled by its function and id", LIMIT, async () => {
  const { server, plane } = await mapPlane([attempts("success")], () => new Promise(() => {}));
  await using _ = server;
  await using __ = plane;
  const controller = new AbortController();
  const calls: FunctionCall[] = [];
  const fn = server.client().functions.fromName("app", "f");
  const options = { signal: controller.signal, onCall: (call: FunctionCall) => calls.push(call) };
  const results = collect(fn.map([[0]], options));
  await until(() => plane.server.requests("mapAwait").length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(results, { message: "enough" });
  await until(() => plane.server.requests("mapAwait")[0]?.signal.aborted === true);
  await calls[0]?.cancel();
  const [cancel] = server.requests("functionCallCancel");
  assert.deepEqual([cancel?.request.functionCallId, cancel?.request.functionId], ["fc-0", "fu-f"]);
});

test("leaving the loop ends a map on an input plane", LIMIT, async () => {
  const { server, plane } = await mapPlane([attempts("success"), attempts("lost", "success")]);
  await using _ = server;
  await using __ = plane;
  for await (const result of server
    .client()
    .functions.fromName("app", "f")
    .map([[0, 1]])) {
    assert.deepEqual(result, [0, 0]);
    break;
  }
  const polls = plane.server.requests("mapAwait");
  await until(() => polls.every(({ signal, isAnswered }) => signal.aborted || isAnswered));
});
