import assert from "node:assert/strict";
import { test } from "node:test";
import { newInputs, SchedulerHarness } from "../schedulerHarness.ts";

const HOUR_MS = 60 * 60 * 1_000;
const TIMEOUT_S = 60;

/** The jumps of a computer's clock: it is set, or the computer wakes from a sleep in which nothing else went on. */
const JUMPS = [-HOUR_MS, HOUR_MS, 24 * HOUR_MS];

for (const jumpMs of JUMPS) {
  const hours = `${jumpMs / HOUR_MS} h`;

  test(`a clock that jumps by ${hours} ends no input before its timeout, and delays none`, async () => {
    const harness = new SchedulerHarness({ timeout_s: TIMEOUT_S });
    const { functionCallId } = await harness.start(newInputs(1));
    await harness.ready();
    harness.clock.jump(jumpMs);
    await harness.clock.advance((TIMEOUT_S - 1) * 1_000, () => harness.settle());
    assert.deepEqual(await harness.statuses(functionCallId), []);
    await harness.clock.advance(2_000, () => harness.settle());
    assert.deepEqual(await harness.statuses(functionCallId), ["TIMEOUT"]);
  });

  test(`idle containers stay for their window over a jump of ${hours}`, async () => {
    const harness = new SchedulerHarness({ scaledown_window_s: 30 });
    await harness.start(newInputs(1));
    await harness.finishAll();
    harness.clock.jump(jumpMs);
    await harness.clock.advance(29_000, () => harness.settle());
    assert.equal(harness.live.length, 1);
    await harness.clock.advance(3_000, () => harness.settle());
    assert.deepEqual(
      harness.live.filter(({ stopping }) => !stopping),
      [],
    );
  });

  test(`after a jump of ${hours} what is stored has the new time`, async () => {
    const harness = new SchedulerHarness({ timeout_s: TIMEOUT_S });
    await harness.start(newInputs(1));
    await harness.ready();
    harness.clock.jump(jumpMs);
    const { functionCallId } = await harness.start(newInputs(1), { functionId: harness.functionId("g") });
    const record = harness.store.calls.get(functionCallId);
    assert.equal(record?.createdAt, harness.clock.unixMs() / 1_000);
    const [running] = harness.scheduler.runningInputs(harness.functionId("f")).values();
    assert.equal(running?.startedAt, harness.clock.unixMs() / 1_000, "no time has passed since it began");
  });
}
