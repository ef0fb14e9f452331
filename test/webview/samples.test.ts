import assert from "node:assert/strict";
import { test } from "node:test";
import { appendSamples, throughputPerSecond } from "../../src/webview/stats/samples.ts";
import { statsSamples } from "./samples.ts";

const sample = (at: number, finished: number) => ({ at, finished, backlog: 0, runners: 0, runningInputs: 0 });

test("throughput is finished inputs per second over the last two seconds", () => {
  const samples = [sample(0, 0), sample(1000, 10), sample(2000, 20), sample(3000, 120), sample(4000, 120)];
  assert.deepEqual(throughputPerSecond(samples), [0, 10, 10, 55, 50]);
});

test("throughput needs two moments, and is never negative", () => {
  assert.deepEqual(throughputPerSecond([]), []);
  assert.deepEqual(throughputPerSecond([sample(5, 7), sample(5, 9)]), [0, 0]);
  assert.deepEqual(throughputPerSecond([sample(0, 9), sample(1000, 3)]), [0, 0]);
});

test("a long call keeps its first and last sample and a bounded number between", () => {
  const all = statsSamples(9000);
  let kept = appendSamples([], []);
  for (const one of all) kept = appendSamples(kept, [one]);
  assert.ok(kept.length <= 4000);
  assert.equal(kept[0], all[0]);
  assert.equal(kept.at(-1), all.at(-1));
});
