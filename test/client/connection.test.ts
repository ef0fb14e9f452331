import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Connection } from "../../src/client/connection/connection.ts";
import { errorFromRpc } from "../../src/client/connection/rpcFailure.ts";
import { ConnectionError, ModalClient, ModalError } from "../../src/client/index.ts";
import { RPCRetryPolicySchema } from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal, until } from "./fakeModal.ts";
import { Relay } from "./relay.ts";

const LIMIT = { timeout: 20_000 };

test("every request carries the tokens and says which client it is", LIMIT, async () => {
  await using server = await FakeModal.start();
  await server.client().functions.fromName("app", "f").remote([1]);
  assert.deepEqual(
    server.seen.map(({ method }) => method),
    ["authTokenGet", "functionGet", "functionMap", "functionGetOutputs"],
  );
  for (const { metadata } of server.seen) {
    assert.equal(metadata("x-modal-token-id"), "ak-1");
    assert.equal(metadata("x-modal-token-secret"), "as-2");
    assert.equal(metadata("x-modal-client-type"), "8");
    assert.equal(metadata("x-modal-client-version"), "1.0.0");
  }
});

test("every request says the version of this package", LIMIT, async () => {
  await using server = await FakeModal.start();
  await server.client().functions.fromId("fu-1").getCurrentStats();
  const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8"));
  const [request] = server.requests("functionGetCurrentStats");
  assert.equal(request?.metadata("x-modal-libmodal-version"), `spawnpoint/${version}`);
});

test("a request is tried four times with one idempotency key, and each attempt says which it is", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("functionGetCurrentStats", RpcStatus.UNAVAILABLE, 3);
  await server.client().functions.fromId("fu-1").getCurrentStats();
  const attempts = server.requests("functionGetCurrentStats");
  assert.deepEqual(
    attempts.map(({ metadata }) => metadata("x-retry-attempt")),
    ["0", "1", "2", "3"],
  );
  assert.equal(new Set(attempts.map(({ metadata }) => metadata("x-idempotency-key"))).size, 1);
  assert.match(attempts[0]?.metadata("x-idempotency-key") ?? "", /^[0-9a-f-]{36}$/);
  assert.deepEqual(
    attempts.map(({ metadata }) => metadata("x-retry-delay") !== undefined),
    [false, true, true, true],
  );
  await server.client().functions.fromId("fu-1").getCurrentStats();
  const next = server.requests("functionGetCurrentStats").at(-1);
  assert.notEqual(next?.metadata("x-idempotency-key"), attempts[0]?.metadata("x-idempotency-key"));
});

test("after the last attempt the failure is raised with its cause", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("functionGetCurrentStats", RpcStatus.UNAVAILABLE, 4, "too busy");
  await assert.rejects(server.client().functions.fromId("fu-1").getCurrentStats(), (error: Error) => {
    assert.deepEqual([error.name, error.message], ["ServiceError", "too busy"]);
    return error.cause instanceof RpcError && error.cause.code === RpcStatus.UNAVAILABLE;
  });
});

test("each status that is not retried raises Modal's error at once", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromId("fu-1");
  const raised: [RpcStatus, string][] = [
    [RpcStatus.INVALID_ARGUMENT, "InvalidError"],
    [RpcStatus.OUT_OF_RANGE, "InvalidError"],
    [RpcStatus.NOT_FOUND, "NotFoundError"],
    [RpcStatus.ALREADY_EXISTS, "AlreadyExistsError"],
    [RpcStatus.PERMISSION_DENIED, "PermissionDeniedError"],
    [RpcStatus.UNAUTHENTICATED, "AuthError"],
    [RpcStatus.RESOURCE_EXHAUSTED, "ResourceExhaustedError"],
    [RpcStatus.FAILED_PRECONDITION, "ConflictError"],
    [RpcStatus.ABORTED, "ConflictError"],
    [RpcStatus.UNIMPLEMENTED, "UnimplementedError"],
    [RpcStatus.DATA_LOSS, "DataLossError"],
  ];
  for (const [code, name] of raised) {
    server.fail("functionGetCurrentStats", code, 1, "the server's words");
    await assert.rejects(fn.getCurrentStats(), (error: Error) => {
      assert.deepEqual([error.name, error.message], [name, "the server's words"]);
      return error instanceof ModalError;
    });
  }
  assert.equal(server.requests("functionGetCurrentStats").length, raised.length);
});

test("a server can direct when it is asked again; that is not counted as a retry", LIMIT, async () => {
  await using server = await FakeModal.start();
  const busy = () => {
    const policy = create(RPCRetryPolicySchema, { retryAfterSecs: 0.1 });
    throw RpcError.with(RpcStatus.RESOURCE_EXHAUSTED, "slow down", RPCRetryPolicySchema, policy);
  };
  server.intercept("functionGetCurrentStats", ...Array.from({ length: 5 }, () => busy));
  await server.client().functions.fromId("fu-1").getCurrentStats();
  const last = server.requests("functionGetCurrentStats").at(-1);
  assert.equal(last?.metadata("x-retry-attempt"), "0");
  assert.equal(last?.metadata("x-throttle-retry-attempt"), "5");
  assert.ok(Number(last?.metadata("x-throttle-retry-delay")) >= 0.5);
});

test("a server's waits are followed no longer than the client was told", LIMIT, async () => {
  await using server = await FakeModal.start();
  const busy = () => {
    const policy = create(RPCRetryPolicySchema, { retryAfterSecs: 60 });
    throw RpcError.with(RpcStatus.RESOURCE_EXHAUSTED, "slow down", RPCRetryPolicySchema, policy);
  };
  server.intercept("functionGetCurrentStats", busy);
  const stats = server.client({ maxThrottleWaitMs: 1_000 }).functions.fromId("fu-1").getCurrentStats();
  await assert.rejects(stats, { name: "ResourceExhaustedError", message: "slow down" });
});

test("a map goes on after the server was unavailable ten times", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("functionGetOutputs", RpcStatus.UNAVAILABLE, 10);
  const map = server
    .client()
    .functions.fromName("app", "square")
    .map([[1, 2, 3]]);
  assert.deepEqual(await collect(map), [1, 4, 9]);
  assert.ok(server.requests("functionGetOutputs").length > 10);
});

test("spawnMap waits for a server that has no room, until it is aborted", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromName("app", "square");
  server.fail("functionMap", RpcStatus.RESOURCE_EXHAUSTED, 4);
  const call = await fn.spawnMap([[1], [2]]);
  assert.equal((await call.hydrate()).numInputs, 2);
  server.fail("functionMap", RpcStatus.UNAVAILABLE, 1_000);
  const controller = new AbortController();
  const waiting = fn.spawnMap([[1]], { signal: controller.signal });
  const before = server.requests("functionMap").length;
  await until(() => server.requests("functionMap").length >= before + 2);
  controller.abort(new Error("enough"));
  await assert.rejects(waiting, { message: "enough" });
});

test("a map goes on where it was when the connection drops in the middle of it", LIMIT, async () => {
  await using server = await FakeModal.start();
  await using relay = await Relay.to(Number(new URL(server.url).port));
  const inputs = Array.from({ length: 1_000 }, (_, index) => index);
  const results: unknown[] = [];
  server.run = async ([x]) => {
    if (x === 500) {
      await until(() => results.length === 500);
      relay.cut();
    }
    return x;
  };
  const map = server.client({ url: relay.url }).functions.fromName("app", "f").map([inputs]);
  for await (const result of map) results.push(result);
  assert.deepEqual(results, inputs);
  assert.equal(relay.numConnections, 2);
});

test("an answer that does not come in time is a ConnectionError", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.intercept("functionGetCurrentStats", () => new Promise(() => {}));
  const connection = new Connection({ url: server.url, tokenId: "ak-1", tokenSecret: "as-1" });
  const stats = connection.rpc.functionGetCurrentStats({}, { totalTimeoutMs: 50 });
  await assert.rejects(stats, { name: "ConnectionError", message: /did not answer in time/ });
  connection.close();
});

test("a server that is not there is a ConnectionError with its address", LIMIT, async () => {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  listener.close();
  const modal = new ModalClient({ url: `http://127.0.0.1:${port}`, tokenId: "ak-1", tokenSecret: "as-1" });
  await assert.rejects(modal.apps.list(), (error) => {
    assert.ok(error instanceof ConnectionError);
    return error.message.includes(`127.0.0.1:${port}`);
  });
  modal.close();
});

test("a connection that is reset is a ConnectionError, whatever the system calls it", () => {
  for (const said of ["read ECONNRESET", "write ECONNRESET", "read ETIMEDOUT", "Connection dropped"]) {
    const error = errorFromRpc(new RpcError(RpcStatus.UNAVAILABLE, said), "http://127.0.0.1:1");
    assert.ok(error instanceof ConnectionError);
    assert.equal(error.message, "Cannot reach the Modal server at http://127.0.0.1:1; check that it is running.");
  }
});

test("a server that comes back on its port is found by the next request, however long it was away", LIMIT, async () => {
  const first = await FakeModal.start();
  const modal = new ModalClient({ url: first.url, tokenId: "ak-1", tokenSecret: "as-1" });
  const fn = modal.functions.fromId("fu-1");
  await fn.getCurrentStats();
  await first[Symbol.asyncDispose]();
  for (let request = 0; request < 6; request++) await assert.rejects(fn.getCurrentStats(), ConnectionError);
  await using second = new FakeModal();
  await second.listen(Number(new URL(first.url).port));
  assert.equal((await fn.getCurrentStats()).backlog, 4);
  modal.close();
});

test("close ends requests under way, and later ones, with ClientClosed", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.run = () => new Promise(() => {});
  const modal = server.client();
  const call = await modal.functions.fromName("app", "f").spawn();
  const value = call.get();
  await until(() => server.requests("functionGetOutputs").length === 1);
  modal.close();
  await assert.rejects(value, { name: "ClientClosed" });
  await assert.rejects(modal.apps.list(), { name: "ClientClosed" });
  modal.close();
});

test("a URL that is none, and missing tokens, are refused when the client is made", () => {
  const tokens = { tokenId: "ak-1", tokenSecret: "as-1" };
  for (const url of ["", "localhost:1", "ftp://x"]) {
    assert.throws(() => new ModalClient({ url, ...tokens }), { name: "InvalidError", message: /URL/ });
  }
  assert.throws(() => new ModalClient({ url: "http://127.0.0.1:1", tokenId: "", tokenSecret: "" }), {
    name: "InvalidError",
    message: /token/,
  });
});

test("a method that the server lacks is an UnimplementedError that names it", LIMIT, async () => {
  await using server = await FakeModal.start();
  await assert.rejects(server.client().apps.list(), { name: "UnimplementedError", message: /appList/ });
});
