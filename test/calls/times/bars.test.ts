import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { slotBars } from "../../../src/calls/times/bars.ts";
import { ContainerSlots } from "../../../src/calls/times/containerSlots.ts";
import { ranRow } from "./rows.ts";

/** Inputs one after the other, from gaps and run times. */
const slots = fc
  .array(fc.record({ gapMs: fc.nat(50), runMs: fc.nat(80), fails: fc.boolean() }), { maxLength: 300 })
  .map((list) => {
    let at = 0;
    return list.map(({ gapMs, runMs, fails }, index) => {
      const startedAt = at + gapMs;
      at = startedAt + runMs;
      return ranRow(index, startedAt, at, { status: fails ? "FAILURE" : "SUCCESS" });
    });
  });

test("however many inputs there are, no more than two bars to a bin are drawn, and no input is left out", () => {
  fc.assert(
    fc.property(slots, fc.integer({ min: 1, max: 40 }), (slot, bins) => {
      const span = { from: 0, to: 1 + (slot.at(-1)?.finishedAt ?? 0) };
      const bars = slotBars(slot, { span, bins, stragglerMs: undefined });
      assert.ok(bars.length <= 2 * bins + 1, `${bars.length} bars in ${bins} bins`);
      assert.equal(
        bars.reduce((sum, { inputs }) => sum + inputs, 0),
        slot.length,
      );
      assert.equal(
        slot.some(({ status }) => status === "FAILURE"),
        bars.some(({ status }) => status === "FAILURE"),
      );
    }),
    { seed: 7 },
  );
});

test("an input that is as long as a bin is drawn by itself, also where only a part of it is in view", () => {
  const slot = [ranRow(0, 0, 100), ranRow(1, 100, 300), ranRow(2, 300, 310), ranRow(3, 600, 700)];
  const bars = slotBars(slot, { span: { from: 250, to: 450 }, bins: 10, stragglerMs: undefined });
  assert.deepEqual(
    bars.map(({ index, from, to, inputs }) => ({ index, from, to, inputs })),
    [
      { index: 1, from: 100, to: 300, inputs: 1 },
      { index: 2, from: 300, to: 310, inputs: 1 },
    ],
  );
});

test("short inputs are shades: how much of their time is filled", () => {
  const sparse = Array.from({ length: 100 }, (_, index) => ranRow(index, index * 10, index * 10 + 1));
  const dense = Array.from({ length: 100 }, (_, index) => ranRow(100 + index, 1_000 + index * 10, 1_010 + index * 10));
  const bars = slotBars([...sparse, ...dense], { span: { from: 0, to: 2_000 }, bins: 20, stragglerMs: undefined });
  assert.deepEqual(
    bars.map(({ inputs, filled }) => [inputs, filled]),
    [
      [100, 0.25],
      [100, 1],
    ],
  );
});

test("a straggler among short inputs is seen", () => {
  const slot = [ranRow(0, 0, 1), ranRow(1, 1, 6), ranRow(2, 6, 7), ranRow(3, 20, 21), ranRow(4, 21, 22)];
  const bars = slotBars(slot, { span: { from: 0, to: 100 }, bins: 10, stragglerMs: 4 });
  assert.deepEqual(
    bars.map(({ isStraggler, inputs }) => [isStraggler, inputs]),
    [
      [true, 3],
      [false, 2],
    ],
  );
});

test("inputs that run at the same time are in slots of their own, in whichever order they come", () => {
  const spans = fc.array(fc.record({ from: fc.nat(100), runMs: fc.nat(30) }), { maxLength: 60 });
  fc.assert(
    fc.property(spans, (list) => {
      const container = new ContainerSlots("ta-1");
      for (const [index, { from, runMs }] of list.entries()) container.add(ranRow(index, from, from + runMs));
      for (const slot of container.slots) {
        for (const [place, row] of slot.entries()) assert.ok(row.startedAt >= (slot[place - 1]?.finishedAt ?? 0));
      }
      assert.equal(container.slots.flat().length, list.length);
      assert.equal(
        container.busyMs,
        list.reduce((sum, { runMs }) => sum + runMs, 0),
      );
    }),
    { seed: 7 },
  );
});
