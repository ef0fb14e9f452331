import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { DEFAULT_RETRIES, type RetryLimits, type RetryPolicy, retrying } from "../../src/client/connection/retry.ts";
import { RPCRetryPolicySchema } from "../../src/proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../src/proto/grpc/rpcError.ts";

/** How often a request was tried that always fails with these errors, the last one for ever. */
async function attempts(
  limits: RetryLimits,
  [...errors]: RpcError[],
  policy: RetryPolicy = DEFAULT_RETRIES,
): Promise<number> {
  let count = 0;
  const last = errors.at(-1);
  const failing = retrying(policy, new AbortController().signal, limits, () => {
    count++;
    return Promise.reject(errors.shift() ?? last);
  });
  await assert.rejects(failing, { name: "RpcError" });
  return count;
}

/** An error with which the server says when to be asked again. */
function directed(code: RpcStatus, retryAfterSecs: number): RpcError {
  const policy = create(RPCRetryPolicySchema, { retryAfterSecs });
  return RpcError.with(code, "slow down", RPCRetryPolicySchema, policy);
}

const UNAVAILABLE = new RpcError(RpcStatus.UNAVAILABLE, "gone");
const EXHAUSTED = new RpcError(RpcStatus.RESOURCE_EXHAUSTED, "no more");

test("a retry that would not fit into the total time is not waited for", async () => {
  assert.equal(await attempts({ totalTimeoutMs: 100 }, [UNAVAILABLE]), 1);
  assert.equal(await attempts({ totalTimeoutMs: 250 }, [UNAVAILABLE]), 2);
  assert.equal(await attempts({ totalTimeoutMs: 5_000 }, [directed(RpcStatus.UNAVAILABLE, 5)]), 1);
});

test("every attempt is told how much of the total time is left", async () => {
  const left: number[] = [];
  const failing = retrying(
    DEFAULT_RETRIES,
    new AbortController().signal,
    { totalTimeoutMs: 60_000 },
    (_, remainingMs) => {
      left.push(remainingMs);
      return Promise.reject(left.length < 3 ? UNAVAILABLE : EXHAUSTED);
    },
  );
  await assert.rejects(failing, EXHAUSTED);
  const [first = 0, second = 0, third = 0] = left;
  assert.ok(first <= 60_000 && second < first && third < second, String(left));
});

test("a server's wait is followed whatever the status, and no longer than the limit", async () => {
  for (const code of [RpcStatus.RESOURCE_EXHAUSTED, RpcStatus.UNAVAILABLE, RpcStatus.NOT_FOUND]) {
    assert.equal(await attempts({}, [directed(code, 0), directed(code, 0.1), EXHAUSTED]), 3);
    assert.equal(await attempts({ maxThrottleWaitMs: 100 }, [directed(code, 0.1)]), 1);
    assert.equal(await attempts({ maxThrottleWaitMs: 150 }, [directed(code, 0)]), 2);
  }
});

test("with a limit of 0 a server's wait counts for nothing: the status alone decides", async () => {
  assert.equal(await attempts({ maxThrottleWaitMs: 0 }, [directed(RpcStatus.RESOURCE_EXHAUSTED, 0)]), 1);
  assert.equal(await attempts({ maxThrottleWaitMs: 0 }, [directed(RpcStatus.UNAVAILABLE, 60)]), 4);
});

test("what a server may get over is tried again, and nothing else", async () => {
  const retried: string[] = [];
  for (const code of Object.values(RpcStatus).filter((value) => typeof value === "number")) {
    const count = await attempts({}, [new RpcError(code, "no")], { ...DEFAULT_RETRIES, maxRetries: 1, baseDelayMs: 0 });
    if (count === 2) retried.push(RpcStatus[code]);
  }
  assert.deepEqual(retried, ["CANCELLED", "UNKNOWN", "DEADLINE_EXCEEDED", "INTERNAL", "UNAVAILABLE"]);
});

test("an exhausted server is tried again only where the policy says so", async () => {
  assert.equal(await attempts({}, [EXHAUSTED]), 1);
  assert.equal(await attempts({}, [EXHAUSTED], { ...DEFAULT_RETRIES, whenExhausted: true }), 4);
});

test("an abort ends a pause with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const waiting = retrying(DEFAULT_RETRIES, controller.signal, {}, () => {
    queueMicrotask(() => controller.abort(reason));
    return Promise.reject(directed(RpcStatus.UNAVAILABLE, 3_600));
  });
  await assert.rejects(waiting, reason);
});

test("a signal for the retries ends a pause, but not an attempt", async () => {
  const controller = new AbortController();
  const reason = new Error("enough");
  const limits = { retrySignal: controller.signal };
  let wasFinished = false;
  const waiting = retrying(DEFAULT_RETRIES, new AbortController().signal, limits, async () => {
    controller.abort(reason);
    await Promise.resolve();
    wasFinished = true;
    throw directed(RpcStatus.UNAVAILABLE, 3_600);
  });
  await assert.rejects(waiting, reason);
  assert.ok(wasFinished);
});
