import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionOptions } from "../../src/engine/deploy/definition.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { PoolHarness } from "./poolHarness.ts";

/** Large results are files. Of those that nobody will ask for, none may stay until the next start. */

async function running(options: FunctionOptions = {}) {
  const harness = new PoolHarness({ max_containers: 1, ...options });
  const call = harness.call();
  const [input] = harness.enqueue(call, 1);
  await harness.start();
  const [worker] = harness.live;
  assert.ok(input && worker);
  return { harness, call, input, worker };
}

test("the result of an input that was ended while it was on its way goes at once", async () => {
  const { harness, input, worker } = await running({ timeout_s: 3 });
  worker.data = { blobId: "bl-late", length: 100_000 };
  worker.finish();
  await harness.clock.advance(4_000, async () => {}); // What the worker tells is still in its pipe.
  await harness.settle();
  assert.equal(harness.statusOf(input), "TIMEOUT");
  assert.deepEqual(harness.removedFiles, ["bl-late"]);
});

test("so does an item of a generator that has ended", async () => {
  const { harness, input, worker } = await running({ timeout_s: 3 });
  worker.data = { blobId: "bl-item", length: 100_000 };
  worker.item();
  await harness.clock.advance(4_000, async () => {});
  await harness.settle();
  assert.equal(harness.statusOf(input), "TIMEOUT");
  assert.deepEqual(harness.removedFiles, ["bl-item"]);
});

test("so does the failure of an input that gets another try, and the last one stays", async () => {
  const retries = { max_retries: 1, initial_delay_s: 1, backoff_coefficient: 1, max_delay_s: 1 };
  const { harness, input, worker } = await running({ retries });
  worker.data = { blobId: "bl-first", length: 100_000 };
  worker.finish(Status.FAILURE);
  await harness.advance(2_000);
  worker.data = { blobId: "bl-second", length: 100_000 };
  worker.finish(Status.FAILURE);
  await harness.settle();
  assert.equal(harness.statusOf(input), "FAILURE");
  assert.deepEqual(harness.outcomes.get(input)?.[0]?.data, { blobId: "bl-second", length: 100_000 });
  assert.deepEqual(harness.removedFiles, ["bl-first"]);
});
