import assert from "node:assert/strict";
import { test } from "node:test";
import { pause } from "../../src/client/connection/retry.ts";
import { retryDelayMs } from "../../src/client/planes/retryDelay.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { RpcStatus } from "../../src/proto/grpc/rpcError.ts";
import { collect, FakeModal, outputItem, until } from "./fakeModal.ts";
import { PausedCaller } from "./pausedCaller.ts";
import { type Attempt, ScriptedMaps } from "./scriptedMap.ts";

const LIMIT = { timeout: 20_000 };
const POLICY = { retries: 2, initialDelayMs: 3_000, backoffCoefficient: 2, maxDelayMs: 4_000 };

/** A server that lets its clients retry, and whose outputs end like this, one attempt after another. */
async function retriedServer(endings: Status[], policy: object = POLICY, isEnabled = true): Promise<FakeModal> {
  const server = await FakeModal.start();
  server.intercept("functionMap", () => ({
    functionCallId: "fc-1",
    functionCallJwt: "call-jwt",
    pipelinedInputs: [{ idx: 0, inputId: "in-0", inputJwt: "first-jwt" }],
    retryPolicy: policy,
    syncClientRetriesEnabled: isEnabled,
  }));
  server.answer({
    functionGetOutputs: () => {
      const status = endings.shift() ?? Status.SUCCESS;
      const exception = status === Status.SUCCESS ? "" : `ended as ${status}`;
      return { outputs: [outputItem(0, status, { value: "done", exception })] };
    },
    functionRetryInputs: () => ({ inputJwts: ["another-jwt"] }),
  });
  return server;
}

test("the pause before a retry follows the policy, between a second and a day", () => {
  const policy = { ...POLICY, $typeName: "modal.client.FunctionRetryPolicy" as const };
  assert.deepEqual([retryDelayMs(policy, 1), retryDelayMs(policy, 2)], [3_000, 6_000]);
  assert.equal(retryDelayMs(policy, 3), undefined);
  assert.equal(retryDelayMs({ ...policy, initialDelayMs: 0 }, 1), 1_000);
  assert.equal(retryDelayMs({ ...policy, initialDelayMs: 4e9, retries: 9 }, 9), 24 * 3_600_000);
  assert.equal(retryDelayMs(undefined, 1), undefined);
});

test(
  "a failed call is made again by the policy, with the first token, and its own failure is the last word",
  LIMIT,
  async () => {
    await using server = await retriedServer([Status.FAILURE, Status.TIMEOUT, Status.FAILURE]);
    using caller = new PausedCaller(server);
    await assert.rejects(caller.remote([7]), { name: "RemoteError", message: `ended as ${Status.FAILURE}` });
    assert.deepEqual(caller.pausesMs, [3_000, 6_000]);
    const retries = server.requests("functionRetryInputs").map(({ request }) => request);
    assert.deepEqual(
      retries.map(({ functionCallJwt, inputs: [input] }) => [functionCallJwt, input.inputJwt, input.retryCount]),
      [
        ["call-jwt", "first-jwt", 0],
        ["call-jwt", "first-jwt", 0],
      ],
    );
    const [map] = server.requests("functionMap");
    assert.deepEqual(retries[0].inputs[0].input, map?.request.pipelinedInputs[0].input);
    for (const { request } of server.requests("functionGetOutputs")) {
      assert.deepEqual([request.lastEntryId, request.inputJwts], ["0-0", ["first-jwt"]]);
    }
  },
);

test("a failure of Modal's machinery is tried again at once, without limit, and beside the policy", LIMIT, async () => {
  await using server = await retriedServer([...Array<Status>(12).fill(Status.INTERNAL_FAILURE), Status.FAILURE]);
  using caller = new PausedCaller(server);
  assert.equal(await caller.remote([7]), "done");
  assert.deepEqual(caller.pausesMs, [3_000]);
  assert.equal(server.requests("functionRetryInputs").length, 13);
});

test("what was cancelled is not tried again", LIMIT, async () => {
  await using server = await retriedServer([Status.TERMINATED]);
  using caller = new PausedCaller(server);
  await assert.rejects(caller.remote([7]), { name: "RemoteError" });
  assert.equal(server.requests("functionRetryInputs").length, 0);
});

test("nothing is tried again when the server does that, or when there is no policy", LIMIT, async () => {
  for (const [policy, isEnabled] of [
    [POLICY, false],
    [{ retries: 0 }, true],
  ] as const) {
    for (const status of [Status.FAILURE, Status.INTERNAL_FAILURE]) {
      await using server = await retriedServer([status], policy, isEnabled);
      using caller = new PausedCaller(server);
      await assert.rejects(caller.remote([7]), { message: `ended as ${status}` });
      assert.equal(server.requests("functionRetryInputs").length, 0);
      assert.deepEqual(server.requests("functionGetOutputs")[0]?.request.inputJwts, []);
    }
  }
});

test("a spawned call is left to the server, whatever it says of retries", LIMIT, async () => {
  await using server = await retriedServer([Status.FAILURE]);
  const call = await server.client().functions.fromName("app", "f").spawn([7]);
  await assert.rejects(call.get(), { name: "RemoteError" });
  assert.equal(server.requests("functionRetryInputs").length, 0);
});

test("an abort ends the pause before a retry", LIMIT, async () => {
  await using server = await retriedServer([Status.FAILURE], { ...POLICY, initialDelayMs: 3_600_000 });
  const controller = new AbortController();
  const value = server.client().functions.fromName("app", "f").remote([7], {}, { signal: controller.signal });
  await until(() => server.requests("functionGetOutputs").length === 1);
  controller.abort(new Error("enough"));
  await assert.rejects(value, { message: "enough" });
  assert.equal(server.requests("functionRetryInputs").length, 0);
});

function attempt(outcome: Attempt["outcome"]): Attempt {
  return { outcome, durationMs: 1, isRepeated: false };
}

test("a map sends failed inputs again in batches, with the token and the count of each attempt", LIMIT, async () => {
  await using server = await FakeModal.start();
  const endings = [attempt("failure"), attempt("internalFailure"), attempt("success")];
  const script = { inputs: Array.from({ length: 120 }, () => endings), retries: 1 };
  const limits = { maxInputsOutstanding: 0, maxOutputs: 1_000, connection: [] };
  server.answer(new ScriptedMaps({ ...script, ...limits }, "control plane", pause).handlers);
  using caller = new PausedCaller(server);
  const results = await collect(caller.map(script.inputs.map((_, index) => index)));
  assert.deepEqual(
    results,
    script.inputs.map((_, index) => [index, 2]),
  );
  const batches = server.requests("functionRetryInputs").map(({ request }) => request.inputs.length);
  assert.equal(
    batches.reduce((sum, size) => sum + size),
    240,
  );
  assert.ok(Math.max(...batches) <= 49);
  assert.ok(batches.length < 120, `${batches.length} requests`);
  assert.ok(server.requests("functionGetOutputs").some(({ request }) => request.inputJwts.length > 0));
});

test(
  "a server without FunctionRetryInputs that leaves retries to its clients: the error says so, as in Python",
  LIMIT,
  async () => {
    await using server = await retriedServer([Status.FAILURE]);
    server.fail("functionRetryInputs", RpcStatus.UNIMPLEMENTED, 1, "FunctionRetryInputs is not implemented here.");
    using caller = new PausedCaller(server);
    await assert.rejects(caller.remote([7]), { name: "UnimplementedError", message: /FunctionRetryInputs/ });
  },
);
