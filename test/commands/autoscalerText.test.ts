import assert from "node:assert/strict";
import { test } from "node:test";
import { autoscalerText, parseAutoscaler } from "../../src/commands/autoscalerText.ts";

test("autoscaler settings are read as they are shown, and what is left out stays", () => {
  const all = { minContainers: 1, maxContainers: 4, bufferContainers: 0, scaledownWindowMs: 60_000 };
  const text = "min_containers=1 max_containers=4 buffer_containers=0 scaledown_window=60";
  assert.equal(autoscalerText(all), text);
  assert.deepEqual(parseAutoscaler(text), all);
  assert.deepEqual(parseAutoscaler(" scaledown_window=5,min_containers=0 "), {
    minContainers: 0,
    scaledownWindowMs: 5_000,
  });
  assert.deepEqual(parseAutoscaler(""), {});
});

test("what is no setting is told in one sentence", () => {
  const cases = [
    ["containers=1", /There is no setting "containers"/],
    ["min_containers", /min_containers is a whole number from 0/],
    ["min_containers=-1", /min_containers is a whole number from 0/],
    ["scaledown_window=0", /whole number of seconds from 1/],
    ["scaledown_window=1.5", /whole number of seconds/],
    ["min_containers=1 min_containers=2", /given twice/],
    ["min_containers=5 max_containers=2", /min_containers \(5\) is above max_containers \(2\)/],
  ] as const;
  for (const [text, message] of cases)
    assert.throws(() => parseAutoscaler(text), { name: "InputError", message }, text);
});
