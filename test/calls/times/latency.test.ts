import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { latencyOf } from "../../../src/calls/times/latency.ts";
import { ranRow } from "./rows.ts";

const near = (found: number | undefined, wanted: number) =>
  assert.ok(Math.abs((found ?? 0) / wanted - 1) < 0.011, `${found} for ${wanted}`);

const all = { lastMs: undefined };

test("each step has the percentiles of what finished in it", () => {
  const fast = Array.from({ length: 100 }, (_, index) => ranRow(index, 500, 500 + 1 + index));
  const { span, stepMs, steps, overall } = latencyOf([...fast, ranRow(100, 1_000, 1_800)], { from: 0, to: 2_000 }, all);
  assert.deepEqual([span, stepMs, steps.length], [{ from: 0, to: 2_000 }, 100, 20]);
  assert.deepEqual(
    steps.map(({ finished }) => finished).filter((finished) => finished > 0),
    [99, 1, 1],
  );
  near(steps[5]?.percentiles?.p50Ms, 50);
  near(steps[5]?.percentiles?.p95Ms, 95);
  near(steps[5]?.percentiles?.p99Ms, 99);
  near(steps[18]?.percentiles?.p50Ms, 800);
  assert.equal(steps[0]?.percentiles, undefined);
  near(overall?.p99Ms, 100);
});

test("only the last so many milliseconds, and no input that never ran", () => {
  const never = ranRow(2, 960, 960, { containerId: "", status: "TERMINATED" });
  const rows = [ranRow(0, 0, 100), ranRow(1, 900, 950), never];
  const { span, from, steps, overall } = latencyOf(rows, { from: 0, to: 1_000 }, { lastMs: 150 });
  assert.deepEqual([span, from], [{ from: 850, to: 1_000 }, 800]);
  assert.deepEqual(
    steps.map(({ finished }) => finished),
    [0, 1],
  );
  near(overall?.p50Ms, 50);
  assert.equal(latencyOf(rows, { from: 0, to: 5_000 }, { lastMs: 100 }).overall, undefined);
});

test("items of a generator are counted, though nobody knows how long they took", () => {
  const items = [1, 2, 3].map((index) => ranRow(index, 100, 100, { containerId: "" }));
  const { steps, overall } = latencyOf(items, { from: 0, to: 200 }, all);
  assert.deepEqual([steps[1]?.finished, overall], [3, undefined]);
});

test("of any call there are at most 41 steps, which hold all that finished, and stay where they are while it goes on", () => {
  const lengths = fc.integer({ min: 1, max: 100 * 86_400_000 });
  fc.assert(
    fc.property(lengths, fc.option(fc.integer({ min: 1, max: 3_600_000 }), { nil: undefined }), (lengthMs, lastMs) => {
      const whole = { from: 7, to: 7 + lengthMs };
      const { steps, from, stepMs, span } = latencyOf([ranRow(0, 7, whole.to)], whole, { lastMs });
      assert.ok(steps.length >= 1 && steps.length <= 41, `${steps.length} steps`);
      assert.ok(from <= span.from && from + steps.length * stepMs >= span.to);
      assert.ok(Math.abs(((from - whole.from) / stepMs) % 1) < 1e-9);
      assert.equal(steps.at(-1)?.finished, 1);
    }),
    { seed: 7 },
  );
});
