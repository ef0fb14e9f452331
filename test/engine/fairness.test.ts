import assert from "node:assert/strict";
import { test } from "node:test";
import { callNumberOf } from "../../src/engine/ids.ts";
import { GenericResult_GenericStatus as Status } from "../../src/proto/gen/modal_pb.js";
import { newInputs, SchedulerHarness } from "./schedulerHarness.ts";

for (const { runs, runMs, ahead } of [
  { runs: "long inputs", runMs: 1_000, ahead: 1 },
  { runs: "tiny inputs", runMs: 0.01, ahead: 256 },
]) {
  test(`a map of 100,000 ${runs} starves no single call, of the same function or of another`, async () => {
    const harness = new SchedulerHarness({ max_containers: 1 });
    const map = await harness.start(newInputs(100_000));
    await harness.ready();
    const [worker] = harness.live;
    assert.ok(worker);
    const finishOne = async () => {
      worker.finish(Status.SUCCESS, runMs);
      await harness.settle();
    };
    for (let run = 0; run < 3; run++) await finishOne();
    const single = await harness.start(newInputs(1));
    const other = await harness.start(newInputs(1), { functionId: harness.functionId("g") });
    await harness.settle();
    assert.equal(harness.live.length, 2, "the other function has a container of its own");
    const isOf = ({ number }: { number: number }) => callNumberOf(worker.running?.key ?? 0) === number;
    let before = 0;
    for (; !isOf(single) && before <= 2 * ahead; before++) await finishOne();
    assert.ok(isOf(single), `${before} inputs of the map ran before the single call`);
    await finishOne();
    assert.deepEqual(await harness.statuses(single.functionCallId), ["SUCCESS"]);
    for (const live of harness.live) if (live !== worker) live.ready();
    await harness.settle();
    for (const live of harness.live) if (live !== worker) live.finish();
    await harness.settle();
    assert.deepEqual(await harness.statuses(other.functionCallId), ["SUCCESS"]);
    assert.ok(isOf(map), "the map goes on");
  });
}
