import assert from "node:assert/strict";
import { test } from "node:test";
import { newInputs, SchedulerHarness, settled } from "./schedulerHarness.ts";

const HOUR_MS = 3_600_000;

/** A map that is open for more inputs, with all that it was given done. */
async function openMap() {
  const harness = new SchedulerHarness({ timeout_s: 24 * 3_600 });
  const { functionCallId } = await harness.start(newInputs(2), { closed: false });
  await harness.finishAll();
  const isFinished = () => harness.store.calls.get(functionCallId)?.finishedAt !== undefined;
  const closeAbandoned = async () => {
    await harness.scheduler.closeAbandoned();
    await settled();
    return isFinished();
  };
  return { harness, functionCallId, closeAbandoned };
}

test("a map whose client is gone is closed after an hour, and its results stay", async () => {
  const { harness, functionCallId, closeAbandoned } = await openMap();
  assert.equal(await closeAbandoned(), false);
  await harness.clock.advance(HOUR_MS + 1, settled);
  assert.equal(await closeAbandoned(), true);
  assert.deepEqual(await harness.statuses(functionCallId), ["SUCCESS", "SUCCESS"]);
});

test("a map that somebody waits for, adds to, or asked for lately is left open", async () => {
  const { harness, functionCallId, closeAbandoned } = await openMap();
  const wanted = { after: 2, limits: { maxOutputs: 1, maxBytes: 1 } };
  const waiting = new AbortController();
  const reader = harness.scheduler.outputs(functionCallId, wanted, 2 * HOUR_MS, waiting.signal);
  await harness.clock.advance(HOUR_MS + 1, settled);
  assert.equal(await closeAbandoned(), false, "a reader waits");
  waiting.abort();
  await reader;
  await harness.scheduler.putInputs(functionCallId, newInputs(1, 2));
  await harness.clock.advance(HOUR_MS + 1, settled);
  assert.equal(await closeAbandoned(), false, "an input is to be run");
  await harness.finishAll();
  await harness.statuses(functionCallId);
  assert.equal(await closeAbandoned(), false, "somebody asked just now");
  await harness.clock.advance(HOUR_MS + 1, settled);
  assert.equal(await closeAbandoned(), true);
});

test("a new engine gives the client of an open map an hour to come back", async () => {
  const { harness, closeAbandoned } = await openMap();
  await harness.clock.advance(HOUR_MS + 1, settled);
  await harness.restart();
  assert.equal(await closeAbandoned(), false);
  await harness.clock.advance(HOUR_MS + 1, settled);
  assert.equal(await closeAbandoned(), true);
});
