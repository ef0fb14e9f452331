import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Durations } from "../../../src/calls/times/durations.ts";

const quantiles = fc.constantFrom(0, 0.5, 0.95, 0.99, 1);

test("a quantile is within one percent of the exact one", () => {
  const some = fc.array(fc.double({ min: 0.01, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(some, quantiles, (list, part) => {
      const durations = new Durations();
      for (const durationMs of list) durations.add(durationMs);
      const sorted = list.toSorted((one, other) => one - other);
      const exact = sorted[Math.max(1, Math.ceil(part * list.length)) - 1] ?? 0;
      const found = durations.quantile(part) ?? 0;
      assert.ok(Math.abs(found / exact - 1) < 0.0101, `${found} for ${exact}`);
    }),
    { seed: 7 },
  );
});

test("of nothing there is no quantile, and no time at all is a short one", () => {
  const durations = new Durations();
  assert.equal(durations.quantile(0.5), undefined);
  durations.add(0);
  assert.equal(durations.count, 1);
  assert.ok((durations.quantile(1) ?? 1) < 0.1);
});
