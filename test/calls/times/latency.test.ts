import assert from "node:assert/strict";
import { test } from "node:test";
import { latencyOf } from "../../../src/calls/times/latency.ts";
import { ranRow } from "./rows.ts";

const near = (found: number | undefined, wanted: number) =>
  assert.ok(Math.abs((found ?? 0) / wanted - 1) < 0.011, `${found} for ${wanted}`);

test("each step has the percentiles of what finished in it", () => {
  const fast = Array.from({ length: 100 }, (_, index) => ranRow(index, 500, 500 + 1 + index));
  const slow = [ranRow(100, 1_000, 1_800)];
  const { span, finished, p50Ms, p95Ms, p99Ms, overall } = latencyOf(
    [...fast, ...slow],
    { from: 0, to: 2_000 },
    { lastMs: undefined, steps: 4 },
  );
  assert.deepEqual(span, { from: 0, to: 2_000 });
  assert.deepEqual(finished, [0, 100, 0, 1]);
  near(p50Ms[1], 50);
  near(p95Ms[1], 95);
  near(p99Ms[1], 99);
  assert.deepEqual([p50Ms[0], p99Ms[2]], [undefined, undefined]);
  near(p50Ms[3], 800);
  near(overall?.p99Ms, 100);
});

test("only the last so many milliseconds, and no input that never ran", () => {
  const rows = [ranRow(0, 0, 100), ranRow(1, 900, 950), ranRow(2, 960, 960, { containerId: "", status: "TERMINATED" })];
  const { span, finished, overall } = latencyOf(rows, { from: 0, to: 1_000 }, { lastMs: 100, steps: 2 });
  assert.deepEqual([span, finished], [{ from: 900, to: 1_000 }, [0, 1]]);
  near(overall?.p50Ms, 50);
  assert.equal(latencyOf(rows, { from: 0, to: 5_000 }, { lastMs: 100, steps: 2 }).overall, undefined);
});
