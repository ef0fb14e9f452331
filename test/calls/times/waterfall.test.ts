import assert from "node:assert/strict";
import { test } from "node:test";
import { CallState } from "../../../src/calls/callState.ts";
import type { ResultRow } from "../../../src/calls/model.ts";
import { ContainerTimes } from "../../../src/calls/times/containerTimes.ts";
import type { RunningInput, WaterfallWanted } from "../../../src/calls/times/timeModel.ts";
import { Waterfall } from "../../../src/calls/times/waterfall.ts";
import { ranRow } from "./rows.ts";

const whole: WaterfallWanted = { span: undefined, bins: 100, firstRow: 0, rows: 50 };

/** A call that was made at 1,000. */
function call(inputs: number, rows: readonly ResultRow[], running: readonly RunningInput[] = []) {
  const record = { functionCallId: "fc-1", targetId: "local", targetName: "Local", environmentName: "" };
  const named = { appName: "app", functionName: "f", kind: "map", createdAt: 1_000 } as const;
  const state = new CallState({ ...record, ...named }, () => undefined);
  const containers = new ContainerTimes();
  state.addRows(rows, inputs - rows.length);
  const waterfall = new Waterfall({
    rows: state.rows,
    containers,
    running,
    get summary() {
      return state.summary;
    },
  });
  return { state, containers, waterfall };
}

test("containers come in the order in which they began, with their start before their first input", () => {
  const { containers, waterfall } = call(4, [
    ranRow(1, 1_600, 1_700, { containerId: "ta-2" }),
    ranRow(0, 1_500, 1_900),
    ranRow(2, 1_950, 2_000),
  ]);
  containers.set("ta-1", { enqueuedAt: 1_100, startedAt: 1_500, finishedAt: 0 });
  containers.set("ta-2", undefined);
  const { rows, unknownStarts, containers: count, whole: all } = waterfall.window(whole, 2_100);
  assert.deepEqual(all, { from: 1_000, to: 2_100 });
  assert.deepEqual([count, unknownStarts], [2, 1]);
  assert.deepEqual(
    rows.map(({ container }) => container.containerId),
    ["ta-1", "ta-2"],
  );
  const [first, second] = rows.map(({ container }) => container);
  assert.deepEqual(first?.startup, { from: 1_100, to: 1_500 });
  assert.deepEqual(first?.ready, { from: 1_500, to: 2_100 });
  assert.equal(first?.busy, 450 / 600);
  assert.deepEqual(first?.longest, { index: 0, runMs: 400 });
  assert.deepEqual([second?.startup, second?.ready], [undefined, { from: 1_600, to: 1_700 }]);
});

test("a container that was there before the call shows no start", () => {
  const { containers, waterfall } = call(1, [ranRow(0, 1_010, 1_020)]);
  containers.set("ta-1", { enqueuedAt: 300, startedAt: 600, finishedAt: 1_800 });
  const [row] = waterfall.window(whole, 2_000).rows;
  assert.deepEqual([row?.container.startup, row?.container.ready], [undefined, { from: 1_000, to: 1_800 }]);
});

test("what runs now is drawn up to now, until its result is there", () => {
  const running = [{ index: 1, containerId: "ta-1", startedAt: 1_300 }];
  const { state, waterfall } = call(
    3,
    [ranRow(0, 1_100, 1_200)],
    [...running, { ...running[0], index: 2 } as RunningInput],
  );
  const bars = () =>
    waterfall.window(whole, 2_000).rows.map((row) => row.bars.map(({ index, status, to }) => [index, status, to]));
  assert.deepEqual(bars(), [
    [
      [0, "SUCCESS", 1_200],
      [1, "PENDING", 2_000],
    ],
    [[2, "PENDING", 2_000]],
  ]);
  state.addRows([ranRow(1, 1_300, 1_900)], 1);
  assert.deepEqual(bars()[0]?.[1], [1, "SUCCESS", 1_900]);
});

test("the queue empties as inputs begin, or end without that", () => {
  const never = ranRow(2, 1_750, 1_750, { containerId: "", status: "TERMINATED" });
  const { waterfall } = call(4, [ranRow(0, 1_250, 1_400), ranRow(1, 1_500, 1_600), never]);
  const { queued, inputs } = waterfall.window({ ...whole, bins: 4 }, 2_000);
  assert.equal(inputs, 4);
  assert.deepEqual(queued, [4, 3, 2, 1]);
});

test("an input that runs for more than twice what 95 of 100 need is a straggler", () => {
  const usual = Array.from({ length: 99 }, (_, index) => ranRow(index, 1_000 + index * 100, 1_090 + index * 100));
  const { state, waterfall } = call(100, usual);
  assert.deepEqual(waterfall.window(whole, 12_000).stragglers, { count: 0, indexes: [] });
  state.addRows([ranRow(99, 11_000, 11_400)], 0);
  const { stragglers, stragglerMs, rows } = waterfall.window(whole, 12_000);
  assert.deepEqual(stragglers, { count: 1, indexes: [99] });
  assert.ok(stragglerMs && Math.abs(stragglerMs - 180) < 2);
  assert.deepEqual(
    rows[0]?.bars.filter(({ isStraggler }) => isStraggler).map(({ index }) => index),
    [99],
  );
});

test("of few inputs nobody says which one is too slow", () => {
  const { waterfall } = call(3, [ranRow(0, 1_000, 1_010), ranRow(1, 1_010, 1_020), ranRow(2, 1_020, 9_000)]);
  assert.equal(waterfall.window(whole, 9_000).stragglerMs, undefined);
});

test("a result that takes the place of another one takes its bar, too", () => {
  const { state, waterfall } = call(1, [ranRow(0, 1_100, 1_200, { status: "FAILURE" })]);
  assert.equal(waterfall.window(whole, 2_000).rows.length, 1);
  state.addRows([ranRow(0, 1_300, 1_400, { containerId: "ta-2" })], 0);
  const { rows } = waterfall.window(whole, 2_000);
  assert.deepEqual(
    rows.map(({ container, bars }) => [container.containerId, bars.length]),
    [["ta-2", 1]],
  );
});

test("of 100,000 inputs in 400 containers only what is in view is made", () => {
  const many = Array.from({ length: 100_000 }, (_, index) => {
    const startedAt = 1_000 + Math.floor(index / 400) * 20;
    return ranRow(index, startedAt, startedAt + 15, { containerId: `ta-${index % 400}` });
  });
  const { waterfall } = call(100_000, many);
  const { rows, totalRows } = waterfall.window({ ...whole, firstRow: 100, rows: 30, bins: 500 }, 7_000);
  assert.deepEqual([rows.length, totalRows], [30, 400]);
  assert.ok(rows.every(({ bars }) => bars.length <= 1_001));
});
