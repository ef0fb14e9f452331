import assert from "node:assert/strict";
import { test } from "node:test";
import { collect, FakeModal, gate } from "./fakeModal.ts";

const LIMIT = { timeout: 20_000 };

test(
  "a call's results are read in the order of its inputs, in windows, all or a range, again and again",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    const rows = Array.from({ length: 120 }, (_, index) => [index]);
    const call = await server.client().functions.fromName("app", "square").spawnMap(rows);
    const squares = rows.map(([x = 0]) => x * x);
    assert.equal(await call.numInputs(), 120);
    assert.deepEqual(await collect(call.iter()), squares);
    assert.deepEqual(await collect(call.iter({ start: 60, end: 62 })), squares.slice(60, 62));
    const windows = server.requests("functionGetOutputs").map(({ request }) => [request.startIdx, request.endIdx]);
    assert.deepEqual(windows, [
      [0, 48],
      [49, 97],
      [98, 119],
      [60, 61],
    ]);
    assert.deepEqual(await collect(call.iter({ start: 120 })), []);
    for (const range of [{ start: -1 }, { end: 121 }]) {
      await assert.rejects(collect(call.iter(range)), { name: "InvalidError", message: /has 120/ });
    }
  },
);

test(
  "a result that is missing is waited for, though later ones are there; a failure is raised in its turn",
  LIMIT,
  async () => {
    await using server = await FakeModal.start();
    const slow = gate();
    server.run = async ([x]) => {
      if (x === 1) await slow.promise;
      if (x === 3) throw new Error("three");
      return x;
    };
    const call = await server
      .client()
      .functions.fromName("app", "f")
      .spawnMap([[0], [1], [2], [3]]);
    const results: unknown[] = [];
    await assert.rejects(
      async () => {
        for await (const result of call.iter()) {
          results.push(result);
          if (result === 0) slow.open();
        }
      },
      { name: "RemoteError", message: /three/ },
    );
    assert.deepEqual(results, [0, 1, 2]);
  },
);

test("a call names the inputs that run", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  const runs = { inputId: "in-1", idx: 4, taskId: "ta-1", startedAt: 2.5 };
  server.intercept(
    "functionCallGetInfo",
    () => ({ info: { pendingInputs: { total: 2, latest: [runs, { inputId: "in-2", idx: 5 }] } } }),
    () => ({ info: {} }),
  );
  assert.deepEqual(await call.runningInputs(), [{ index: 4, inputId: "in-1", taskId: "ta-1", startedAt: 2_500 }]);
  assert.deepEqual(await call.runningInputs(), []);
});

test("a call says how its inputs stand; those that run count as pending", LIMIT, async () => {
  await using server = await FakeModal.start();
  const call = await server.client().functions.fromName("app", "f").spawn([1]);
  const counts = { succeededInputs: { total: 2 }, failedInputs: { total: 1 }, timeoutInputs: { total: 1 } };
  const { functionCallId } = call;
  server.intercept("functionCallGetInfo", () => ({
    info: { functionCallId, createdAt: 1.5, totalInputs: 6, ...counts },
  }));
  assert.deepEqual(await call.info(), {
    functionCallId,
    createdAt: 1_500,
    totalInputs: 6,
    pendingInputs: 2,
    succeededInputs: 2,
    failedInputs: 1,
    timedOutInputs: 1,
    cancelledInputs: 0,
  });
  const { request } = server.requests("functionCallGetInfo")[0] ?? {};
  assert.deepEqual([request.functionCallId, request.functionId], [functionCallId, "fu-1"]);
});
