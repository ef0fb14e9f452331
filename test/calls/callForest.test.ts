import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { callForest, type ForestCall } from "../../src/calls/callForest.ts";
import type { CallGraphLists } from "../../src/client/index.ts";
import { graphLists } from "./graphLists.ts";

/** Every call below some calls, each before what is below it. */
function* walk(calls: readonly ForestCall[]): Generator<ForestCall> {
  for (const call of calls) {
    yield call;
    for (const input of call.inputs) yield* walk(input.calls);
  }
}

test("the inputs of a call stand together, counted, each with the calls that it made", () => {
  const { roots, orphans, numCalls, numInputs } = callForest(
    graphLists({
      functionName: "main",
      statuses: ["SUCCESS", "SUCCESS"],
      calls: [
        { functionName: "part", statuses: ["SUCCESS", "TIMEOUT"] },
        { functionName: "other", statuses: ["TERMINATED"] },
      ],
    }),
  );
  assert.deepEqual([roots.length, orphans.length, numCalls, numInputs], [1, 0, 3, 5]);
  assert.equal(roots[0]?.counts.SUCCESS, 2);
  assert.deepEqual(
    roots[0]?.inputs.map(({ calls }) => calls.map(({ functionName }) => functionName)),
    [["part"], ["other"]],
  );
});

test("what leads to a failure is marked from there to its root, and what was cancelled is no failure", () => {
  const { roots } = callForest(
    graphLists({
      functionName: "main",
      statuses: ["SUCCESS", "SUCCESS"],
      calls: [
        { functionName: "part", calls: [{ functionName: "leaf", statuses: ["SUCCESS", "INIT_FAILURE"] }] },
        { functionName: "other", statuses: ["TERMINATED"] },
      ],
    }),
  );
  const marked = [...walk(roots)].filter((call) => call.leadsToFailure).map(({ functionName }) => functionName);
  assert.deepEqual(marked, ["main", "part", "leaf"]);
  assert.deepEqual(
    roots[0]?.inputs.map((input) => input.leadsToFailure),
    [true, false],
  );
});

test("of a graph that is not whole everything that is told is kept", () => {
  const call = { functionName: "f", moduleName: "m" };
  const input = { taskId: "", status: "SUCCESS" } as const;
  const forest = callForest({
    inputs: [
      { ...input, inputId: "in-1", functionCallId: "fc-1" },
      { ...input, inputId: "in-2", functionCallId: "fc-orphan" },
      { ...input, inputId: "in-3", functionCallId: "fc-nameless" },
    ],
    functionCalls: [
      { ...call, functionCallId: "fc-1", parentInputId: "" },
      { ...call, functionCallId: "fc-empty", parentInputId: "in-1" },
      { ...call, functionCallId: "fc-orphan", parentInputId: "in-forgotten" },
    ],
  });
  assert.deepEqual(
    [...walk(forest.roots)].map(({ functionCallId }) => functionCallId),
    ["fc-1", "fc-empty"],
  );
  assert.deepEqual(forest.orphans.map(({ functionCallId }) => functionCallId).sort(), ["fc-nameless", "fc-orphan"]);
  assert.equal(forest.numEmptyCalls, 1);
});

test("nothing is an empty forest", () => {
  assert.deepEqual(callForest({ inputs: [], functionCalls: [] }).roots, []);
});

test("whatever is told, no call and no input is lost or there twice", () => {
  const id = fc.nat({ max: 12 });
  const lists: fc.Arbitrary<CallGraphLists> = fc
    .record({ calls: fc.uniqueArray(id), callers: fc.array(id), inputs: fc.uniqueArray(id), owners: fc.array(id) })
    .map(({ calls, callers, inputs, owners }) => ({
      inputs: inputs.map((input, place) => ({
        inputId: `in-${input}`,
        functionCallId: `fc-${owners[place] ?? 0}`,
        taskId: "",
        status: input % 5 === 0 ? ("FAILURE" as const) : ("SUCCESS" as const),
      })),
      // A call is made before its inputs are, so that no input is above itself.
      functionCalls: calls.map((call, place) => ({
        functionCallId: `fc-${call}`,
        parentInputId: callers[place] === undefined ? "" : `in-gone-${callers[place]}`,
        functionName: "f",
        moduleName: "m",
      })),
    }));
  fc.assert(
    fc.property(lists, (told) => {
      const forest = callForest(told);
      const calls = [...walk(forest.roots), ...walk(forest.orphans)];
      const expected = new Set([...told.functionCalls, ...told.inputs].map(({ functionCallId }) => functionCallId));
      assert.deepEqual(calls.map(({ functionCallId }) => functionCallId).sort(), [...expected].sort());
      const inputIds = calls.flatMap(({ inputs }) => inputs.map(({ inputId }) => inputId));
      assert.deepEqual(inputIds.sort(), told.inputs.map(({ inputId }) => inputId).sort());
      assert.equal(forest.numInputs, told.inputs.length);
    }),
    { seed: 7 },
  );
});
