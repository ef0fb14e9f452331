import assert from "node:assert/strict";
import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Output } from "../../src/client/calls/output.ts";
import { MapItems } from "../../src/client/map/mapItems.ts";
import {
  FunctionGetOutputsItemSchema,
  FunctionPutInputsItemSchema,
  FunctionRetryPolicySchema,
  GenericResult_GenericStatus as Status,
} from "../../src/proto/gen/modal_pb.js";

const POLICY = create(FunctionRetryPolicySchema, { retries: 1, initialDelayMs: 2_000, backoffCoefficient: 1 });

function inputs(count: number) {
  return Array.from({ length: count }, (_, idx) => create(FunctionPutInputsItemSchema, { idx }));
}

function output(idx: number, status: Status, retryCount = 0): Output {
  return new Output(create(FunctionGetOutputsItemSchema, { idx, retryCount, result: { status } }));
}

/** Items that note what is tried again, as index, count and pause. */
function noted() {
  const retries: number[][] = [];
  const items = new MapItems(({ input, retryCount }, delayMs) => retries.push([input.idx, retryCount, delayMs]));
  return { items, retries };
}

test("an input is kept until its output is final, and then no longer", () => {
  const { items, retries } = noted();
  items.add(inputs(3));
  items.followPolicy(POLICY);
  assert.equal(items.receive(output(0, Status.SUCCESS)), true);
  assert.equal(items.receive(output(1, Status.FAILURE)), false);
  assert.equal(items.size, 2);
  assert.equal(items.receive(output(1, Status.FAILURE, 1)), true);
  assert.equal(items.receive(output(2, Status.TERMINATED)), true);
  assert.equal(items.size, 0);
  assert.deepEqual(retries, [[1, 1, 2_000]]);
});

test("an output of another attempt, or of no input that is waited for, counts for nothing", () => {
  const { items } = noted();
  items.followPolicy(POLICY);
  items.add(inputs(1));
  assert.equal(items.receive(output(0, Status.SUCCESS, 1)), false);
  assert.equal(items.receive(output(7, Status.SUCCESS)), false);
  assert.equal(items.receive(output(0, Status.SUCCESS)), true);
  assert.equal(items.receive(output(0, Status.SUCCESS)), false);
});

test("failures of Modal's machinery and lost inputs are tried again at once, whatever the count", () => {
  const { items, retries } = noted();
  items.followPolicy(POLICY);
  items.add(inputs(1));
  for (const count of [0, 1, 2]) assert.equal(items.receive(output(0, Status.INTERNAL_FAILURE, count)), false);
  assert.deepEqual(retries, [
    [0, 1, 0],
    [0, 2, 0],
    [0, 3, 0],
  ]);
});

test("an input is lost only in the attempt that was asked about, and not while it is tried again", () => {
  const { items, retries } = noted();
  items.followPolicy(POLICY);
  items.add(inputs(1));
  items.accept([{ index: 0, token: "first" }]);
  const [asked] = items.waiting();
  assert.ok(asked);
  items.lose(asked.item, "another");
  assert.deepEqual(retries, []);
  items.lose(asked.item, asked.token);
  items.lose(asked.item, asked.token);
  assert.deepEqual(retries, [[0, 1, 0]]);
  assert.deepEqual([...items.waiting()], []);
});

test("where the server retries, any output is final and nothing is kept for another attempt", () => {
  const { items, retries } = noted();
  items.add(inputs(2));
  items.followPolicy(undefined);
  items.accept([{ index: 0, token: "unused" }]);
  assert.deepEqual([...items.waiting()], []);
  assert.equal(items.receive(output(0, Status.FAILURE, 2)), true);
  assert.equal(items.receive(output(1, Status.INTERNAL_FAILURE)), true);
  assert.equal(items.size, 0);
  assert.deepEqual(retries, []);
});
