// What goes wrong between a client and a server, over a real socket, and what Modal's Python client makes of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { pause } from "../../src/client/connection/retry.ts";
import { RPCRetryPolicySchema } from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import type { RpcContext } from "../../src/proto/grpc/rpcServer.ts";
import { FakeInputPlane } from "./fakeInputPlane.ts";
import { collect, FakeModal, type Handlers, until } from "./fakeModal.ts";
import { PausedCaller } from "./pausedCaller.ts";
import { Relay } from "./relay.ts";
import { type Attempt, ScriptedMaps } from "./scriptedMap.ts";

const LIMIT = { timeout: 30_000 };

/** An answer that never comes. */
const late = () => new Promise<never>(() => {});

const busy = () => {
  const policy = create(RPCRetryPolicySchema, { retryAfterSecs: 0.25 });
  throw RpcError.with(RpcStatus.RESOURCE_EXHAUSTED, "slow down", RPCRetryPolicySchema, policy);
};

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Inputs of which every third fails once, with outputs in another order. */
function mixedInputs(count: number): Attempt[][] {
  return range(count).map((index) => {
    const success: Attempt = { outcome: "success", durationMs: (index * 7) % 20, isRepeated: false };
    return index % 3 === 0 ? [{ ...success, outcome: "failure" }, success] : [success];
  });
}

/** On the control plane: more than go with the call. */
const NUM_INPUTS = { "control plane": 700, "input plane": 200 } as const;

/** A map by a script: its inputs, the results that they have, and the methods of the server that runs it. */
function mixedMap(plane: keyof typeof NUM_INPUTS) {
  const attempts = mixedInputs(NUM_INPUTS[plane]);
  const limits = { retries: 1, maxInputsOutstanding: 100, maxOutputs: 20, connection: [] };
  return {
    inputs: range(attempts.length),
    results: attempts.map(({ length }, index) => [index, length - 1]),
    handlers: new ScriptedMaps({ inputs: attempts, ...limits }, plane, pause).handlers,
  };
}

/** Breaks all connections at every fourth of a map's polls, so that the answers to all requests under way are lost. */
function breakingAt(handlers: Handlers, method: "functionGetOutputs" | "mapAwait", relay: Relay): Handlers {
  const answer = handlers[method] as (request: object, context: RpcContext) => object;
  let numPolls = 0;
  const breaking = (request: object, context: RpcContext) => {
    numPolls++;
    if (numPolls % 4 === 0) relay.cut();
    return answer(request, context);
  };
  return { ...handlers, [method]: breaking };
}

test("an answer that comes too late is asked for again, as the same request", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([3]);
  server.intercept("functionGetOutputs", late);
  assert.equal(await call.get({ timeoutMs: 50 }), 9);
  const attempts = server.requests("functionGetOutputs");
  assert.equal(attempts.length, 2);
  assert.equal(new Set(attempts.map(({ metadata }) => metadata("x-idempotency-key"))).size, 1);
  await until(() => attempts[0]?.signal.aborted === true);
});

test("a connection that breaks in the middle of a map costs no result: control plane", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using relay = await Relay.to(server.port);
  const { inputs, results, handlers } = mixedMap("control plane");
  server.answer(breakingAt(handlers, "functionGetOutputs", relay));
  using caller = new PausedCaller(relay, pause);
  assert.deepEqual(await collect(caller.map(inputs)), results);
  assert.ok(relay.numConnections > 2, `${relay.numConnections} connections`);
});

test("a connection that breaks in the middle of a map costs no result: input plane", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  await using relay = await Relay.to(plane.server.port);
  server.functionMetadata = { inputPlaneUrl: relay.url };
  const { inputs, results, handlers } = mixedMap("input plane");
  plane.server.answer(breakingAt(handlers, "mapAwait", relay));
  using caller = new PausedCaller(server, pause);
  assert.deepEqual(await collect(caller.map(inputs)), results);
  assert.ok(relay.numConnections > 2, `${relay.numConnections} connections`);
});

test(
  "a connection that breaks during a call on an input plane is made again, and the wait goes on",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    await using plane = await FakeInputPlane.start(server);
    await using relay = await Relay.to(plane.server.port);
    server.functionMetadata = { inputPlaneUrl: relay.url };
    plane.server.intercept("attemptAwait", late);
    using caller = new PausedCaller(server);
    const value = caller.remote([3]);
    await until(() => plane.server.requests("attemptAwait").length === 1);
    relay.cut();
    assert.equal(await value, 9);
    assert.equal(plane.server.requests("attemptStart").length, 1);
  },
);

test(
  "a server that throttles inputs is asked again when it says, for as long as it says: control plane",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    server.takesPipelinedInputs = false;
    server.intercept("functionPutInputs", ...Array<typeof busy>(10).fill(busy));
    using caller = new PausedCaller(server);
    assert.deepEqual(await collect(caller.map([2, 3])), [4, 9]);
    assert.deepEqual(caller.requestPausesMs, Array(10).fill(250));
    const last = server.requests("functionPutInputs").at(-1);
    assert.deepEqual([last?.metadata("x-retry-attempt"), last?.metadata("x-throttle-retry-attempt")], ["0", "10"]);
  },
);

test(
  "a server that throttles inputs is asked again when it says, for as long as it says: input plane",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    await using plane = await FakeInputPlane.start(server);
    const { inputs, results, handlers } = mixedMap("input plane");
    plane.server.answer(handlers);
    plane.server.intercept("mapStartOrContinue", ...Array<typeof busy>(10).fill(busy));
    using caller = new PausedCaller(server);
    assert.deepEqual(await collect(caller.map(inputs)), results);
    assert.deepEqual(caller.requestPausesMs, Array(10).fill(250));
  },
);

test("a server that is full takes the inputs of a map later; a single call is refused", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  const { inputs, results, handlers } = mixedMap("input plane");
  plane.server.answer(handlers);
  plane.server.fail("mapStartOrContinue", RpcStatus.RESOURCE_EXHAUSTED, 10);
  using caller = new PausedCaller(server);
  assert.deepEqual(await collect(caller.map(inputs)), results);
  const doubling = [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 15_000, 15_000];
  assert.deepEqual(caller.requestPausesMs, doubling);
  plane.server.fail("attemptStart", RpcStatus.RESOURCE_EXHAUSTED, 1, "too much work");
  await assert.rejects(caller.remote([1]), { name: "ResourceExhaustedError", message: "too much work" });
});

test("ten times UNAVAILABLE: a call is given up after four attempts, on both planes", LIMIT, async () => {
  await using server = await FakeModal.start();
  using caller = new PausedCaller(server);
  server.fail("functionMap", RpcStatus.UNAVAILABLE, 10, "not now");
  await assert.rejects(caller.remote([1]), { name: "ServiceError", message: "not now" });
  assert.equal(server.requests("functionMap").length, 4);
  await using plane = await FakeInputPlane.start(server);
  plane.server.fail("attemptStart", RpcStatus.UNAVAILABLE, 10, "not now");
  await assert.rejects(caller.remote([1]), { name: "ServiceError", message: "not now" });
  assert.equal(plane.server.requests("attemptStart").length, 4);
  assert.deepEqual(caller.requestPausesMs, [100, 200, 400, 100, 200, 400]);
});

test(
  "ten times UNAVAILABLE: a map puts its inputs, polls and retries until it gets through: control plane",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    const { inputs, results, handlers } = mixedMap("control plane");
    server.answer(handlers);
    for (const method of ["functionPutInputs", "functionGetOutputs", "functionRetryInputs"] as const) {
      server.fail(method, RpcStatus.UNAVAILABLE, 10);
    }
    using caller = new PausedCaller(server);
    assert.deepEqual(await collect(caller.map(inputs)), results);
    assert.equal(caller.requestPausesMs.length, 30);
  },
);

test("ten times UNAVAILABLE: a map sends its inputs and polls until it gets through: input plane", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using plane = await FakeInputPlane.start(server);
  const { inputs, results, handlers } = mixedMap("input plane");
  plane.server.answer(handlers);
  for (const method of ["mapStartOrContinue", "mapAwait"] as const) {
    plane.server.fail(method, RpcStatus.UNAVAILABLE, 10);
  }
  using caller = new PausedCaller(server);
  assert.deepEqual(await collect(caller.map(inputs)), results);
  assert.equal(caller.requestPausesMs.length, 20);
});

test("a map's poll that stays UNAVAILABLE ends the map after its twenty retries", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("functionGetOutputs", RpcStatus.UNAVAILABLE, 21, "gone for good");
  using caller = new PausedCaller(server);
  await assert.rejects(collect(caller.map([1])), { name: "ServiceError", message: "gone for good" });
});

test(
  "an auth token that expires is fetched again once for all who wait, and serves the input plane",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    await using plane = await FakeInputPlane.start(server);
    const expiresAt = Date.now() + 2_000;
    server.intercept(
      "authTokenGet",
      () => ({ token: jwt({ exp: expiresAt / 1_000, name: "first" }) }),
      () => ({ token: jwt({ exp: expiresAt / 1_000 + 3_600, name: "second" }) }),
    );
    const fn = server.client().functions.fromName("app", "f");
    assert.equal(await fn.remote([2]), 4);
    await until(() => Date.now() > expiresAt);
    const values = await Promise.all(range(20).map((x) => fn.remote([x])));
    assert.deepEqual(
      values,
      range(20).map((x) => x * x),
    );
    assert.equal(server.requests("authTokenGet").length, 2);
    const tokens = plane.server.requests("attemptStart").map(({ metadata }) => metadata("x-modal-auth-token"));
    assert.equal(new Set(tokens.slice(1)).size, 1);
    assert.notEqual(tokens[0], tokens[1]);
  },
);

function jwt(payload: object): string {
  return `head.${Buffer.from(JSON.stringify(payload)).toString("base64url")}.signature`;
}
