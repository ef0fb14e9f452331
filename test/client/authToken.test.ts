import assert from "node:assert/strict";
import { test } from "node:test";
import { AuthToken } from "../../src/client/connection/authToken.ts";
import { AuthError, PermissionDeniedError, ServiceError, UnimplementedError } from "../../src/client/errors.ts";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { FakeModal, gate } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

/** A token as Modal's servers make it; the name keeps two apart. */
function jwt(name: string, payload: object): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode({ alg: "HS256" })}.${encode({ ...payload, name })}.signature`;
}

/** An `AuthToken` with a clock of its own, at second 1,000, and a server that gives what it is told to. */
function harness(...answers: (string | Error)[]) {
  const state = { now: 1_000_000, requests: 0, retries: [] as number[] };
  const authToken = new AuthToken(
    async ({ maxRetries }) => {
      state.requests++;
      state.retries.push(maxRetries);
      const answer = answers.shift() ?? assert.fail("asked too often");
      if (answer instanceof Error) throw answer;
      return answer;
    },
    { now: () => state.now, random: () => 0.5 },
  );
  return { state, authToken };
}

const FIRST = jwt("first", { exp: 1_100 });
const SECOND = jwt("second", { exp: 1_200 });

test("a token is kept until 55 % of its life are over", async () => {
  const { state, authToken } = harness(FIRST, SECOND);
  assert.equal(await authToken.current(), FIRST);
  state.now = 1_054_999;
  assert.equal(await authToken.current(), FIRST);
  state.now = 1_055_000;
  assert.equal(await authToken.current(), SECOND);
  assert.deepEqual(state.retries, [3, 0], "retries only while there is no token");
});

test("without a token all wait for one request", async () => {
  const { state, authToken } = harness(FIRST);
  assert.deepEqual(await Promise.all([1, 2, 3].map(() => authToken.current())), [FIRST, FIRST, FIRST]);
  assert.equal(state.requests, 1);
});

test("while the old token is good, only the first waits for the new one; once it has expired, all do", async () => {
  const answer = gate();
  let now = 1_000_000;
  const tokens = [FIRST, SECOND];
  const authToken = new AuthToken(
    async () => {
      if (tokens.length === 1) await answer.promise;
      return tokens.shift() ?? assert.fail("asked too often");
    },
    { now: () => now, random: Math.random },
  );
  await authToken.current();
  now = 1_060_000;
  const refreshing = authToken.current();
  assert.equal(await authToken.current(), FIRST);
  now = 1_100_000;
  const waiting = authToken.current();
  answer.open();
  assert.deepEqual(await Promise.all([refreshing, waiting]), [SECOND, SECOND]);
});

test("when it cannot be refreshed, the old token is used, and the pauses between attempts double", async () => {
  const failures = Array.from({ length: 9 }, () => new ServiceError("busy"));
  const { state, authToken } = harness(FIRST, ...failures, SECOND);
  await authToken.current();
  state.now = 2_000_000;
  const pauses: number[] = [];
  let askedAt = state.now;
  while (state.requests < 10) {
    const before = state.requests;
    assert.equal(await authToken.current(), FIRST);
    if (state.requests > before) {
      pauses.push(state.now - askedAt);
      askedAt = state.now;
    }
    state.now += 500;
  }
  assert.deepEqual(pauses, [0, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000]);
  state.now = askedAt + 60_000;
  assert.equal(await authToken.current(), SECOND);
});

test("credentials that are not accepted are an error at once, also when there is an old token", async () => {
  for (const ErrorClass of [AuthError, PermissionDeniedError]) {
    const { state, authToken } = harness(FIRST, new ErrorClass("no"));
    await authToken.current();
    state.now = 1_060_000;
    await assert.rejects(authToken.current(), { name: ErrorClass.name });
  }
});

test("a first request that fails is an error, and the next one tries again", async () => {
  const { authToken } = harness(new ServiceError("busy"), FIRST);
  await assert.rejects(authToken.current(), { name: "ServiceError", message: "busy" });
  assert.equal(await authToken.current(), FIRST);
});

test("an empty token is an error", async () => {
  await assert.rejects(harness("").authToken.current(), { name: "InternalError", message: /empty auth token/ });
});

test("a token that does not say when it expires is good for 20 minutes", async () => {
  const odd = ["opaque", "a.!.c", jwt("no-exp", {}), jwt("odd-exp", { exp: "soon" }), "a.bnVsbA.c"];
  for (const token of odd) {
    const { state, authToken } = harness(token, FIRST);
    await authToken.current();
    state.now = 1_000_000 + 659_999;
    assert.equal(await authToken.current(), token);
    state.now = 1_000_000 + 660_000;
    assert.equal(await authToken.current(), FIRST);
  }
});

test("a server without auth tokens is asked once", async () => {
  const { state, authToken } = harness(new UnimplementedError("no AuthTokenGet"));
  assert.deepEqual([await authToken.current(), await authToken.current()], [undefined, undefined]);
  assert.equal(state.requests, 1);
});

test("every request but the one for it carries the token; many requests at once ask for one token", LIMIT, async () => {
  await using server = await FakeModal.start();
  const token = jwt("t", { exp: Date.now() / 1_000 + 3_600 });
  server.intercept("authTokenGet", () => ({ token }));
  server.intercept("appGetLogs", async function* () {});
  const modal = server.client();
  const fn = modal.functions.fromName("app", "square");
  assert.deepEqual(await Promise.all([1, 2, 3].map((x) => fn.remote([x]))), [1, 4, 9]);
  for await (const _entry of modal.logs.stream({ appId: "ap-1", follow: false })) assert.fail("there are no logs");
  assert.equal(server.requests("authTokenGet").length, 1);
  assert.equal(server.requests("appGetLogs").length, 1);
  for (const { method, metadata } of server.seen) {
    assert.equal(metadata("x-modal-auth-token"), method === "authTokenGet" ? undefined : token, method);
  }
});

test("a token that has expired is replaced before the next request", LIMIT, async () => {
  await using server = await FakeModal.start();
  const expired = jwt("expired", { exp: Date.now() / 1_000 - 1 });
  const fresh = jwt("fresh", { exp: Date.now() / 1_000 + 3_600 });
  server.intercept(
    "authTokenGet",
    () => ({ token: expired }),
    () => ({ token: fresh }),
  );
  const fn = server.client().functions.fromId("fu-1");
  for (let i = 0; i < 3; i++) await fn.getCurrentStats();
  const tokens = server.requests("functionGetCurrentStats").map(({ metadata }) => metadata("x-modal-auth-token"));
  assert.deepEqual(tokens, [expired, fresh, fresh]);
});

test("a server that lacks AuthTokenGet gets requests without a token", LIMIT, async () => {
  await using server = await FakeModal.start();
  const fn = server.client().functions.fromId("fu-1");
  for (let i = 0; i < 2; i++) await fn.getCurrentStats();
  assert.deepEqual(
    server.seen.map(({ method, metadata }) => [method, metadata("x-modal-auth-token")]),
    [
      ["authTokenGet", undefined],
      ["functionGetCurrentStats", undefined],
      ["functionGetCurrentStats", undefined],
    ],
  );
});

test("tokens that the server does not know are an AuthError at once", LIMIT, async () => {
  await using server = await FakeModal.start();
  server.fail("authTokenGet", RpcStatus.UNAUTHENTICATED, 1, "Token not found");
  await assert.rejects(server.client().apps.list(), { name: "AuthError", message: "Token not found" });
  assert.deepEqual(
    server.seen.map(({ method }) => method),
    ["authTokenGet"],
  );
});
