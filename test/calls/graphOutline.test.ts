import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { callForest } from "../../src/calls/callForest.ts";
import { graphOutline } from "../../src/calls/graphOutline.ts";
import type { BoxChoice, GraphBox } from "../../src/calls/model.ts";
import type { CallGraphLists } from "../../src/client/index.ts";
import { graphLists, type SampleCall, times, wordCountGraph } from "./graphLists.ts";

function outline(lists: CallGraphLists, ...choices: BoxChoice[]) {
  return graphOutline(callForest(lists), choices);
}

function boxes(roots: readonly GraphBox[]): GraphBox[] {
  return roots.flatMap((box) => [box, ...boxes(box.children)]);
}

function names(roots: readonly GraphBox[]): string[] {
  return roots.map(({ kind, functionName, numCalls }) => `${kind} ${functionName}×${numCalls}`);
}

function manyCalls(count: number): SampleCall[] {
  return Array.from({ length: count }, (_, call) => ({
    functionName: "part",
    functionCallId: `fc-part-${call}`,
    statuses: call === count - 1 ? ["SUCCESS", "FAILURE"] : ["SUCCESS", "SUCCESS"],
    calls: [{ functionName: "leaf", functionCallId: `fc-leaf-${call}` }],
  }));
}

test("a few calls stay apart, many calls of one function are one box with all their inputs", () => {
  const [few] = outline(graphLists({ functionName: "main", calls: manyCalls(8) })).roots;
  assert.deepEqual(names(few?.children ?? []), Array(8).fill("call part×1"));
  const [many] = outline(
    graphLists({ functionName: "main", calls: [...manyCalls(9), { functionName: "other" }] }),
  ).roots;
  assert.deepEqual(names(many?.children ?? []), ["calls part×9", "call other×1"]);
  const [folded] = many?.children ?? [];
  assert.deepEqual([folded?.counts.SUCCESS, folded?.counts.FAILURE], [17, 1]);
  assert.deepEqual(names(folded?.children ?? []), ["calls leaf×9"]);
});

test("functions of the same name in two modules are two functions", () => {
  const calls = Array.from({ length: 10 }, (_, call) => ({
    functionName: "run",
    functionCallId: `fc-${call}`,
    moduleName: call % 2 ? "one" : "two",
  }));
  assert.equal(outline(graphLists({ functionName: "main", calls })).roots[0]?.children.length, 10);
});

test("a map is one box until its inputs are asked for: then a window of them, what failed first", () => {
  const statuses = [...times(9_990, "SUCCESS"), ...times(10, "FAILURE")];
  const lists = graphLists({ functionName: "main", functionCallId: "fc-1", statuses });
  const [folded] = outline(lists).roots;
  assert.deepEqual([folded?.isExpanded, folded?.isUnfolded, folded?.children], [false, false, []]);
  const [opened] = outline(lists, { key: "fc-1", isExpanded: true }).roots;
  assert.deepEqual([opened?.isExpanded, opened?.isUnfolded, opened?.numChildren], [true, true, 10_000]);
  assert.equal(opened?.children.length, 20);
  assert.deepEqual(
    opened?.children.map(({ leadsToFailure }) => leadsToFailure),
    [...Array(10).fill(true), ...Array(10).fill(false)],
  );
  assert.equal(opened?.children[0]?.inputId, "in-1-9990");
  const [later] = outline(lists, { key: "fc-1", isExpanded: true, first: 9_990 }).roots;
  assert.deepEqual([later?.first, later?.children.length], [9_990, 10]);
  const [beyond] = outline(lists, { key: "fc-1", isExpanded: true, first: 1e9 }).roots;
  assert.deepEqual([beyond?.first, beyond?.children.length], [9_999, 1]);
});

test("an input that was asked for shows its own calls and no others", () => {
  const lists = graphLists({ functionName: "main", statuses: times(3, "SUCCESS"), calls: manyCalls(3) });
  const [main] = outline(lists, { key: "fc-main", isUnfolded: true }).roots;
  assert.deepEqual(
    main?.children.map((input) => [input.kind, input.children.map(({ functionCallId }) => functionCallId)]),
    [
      ["input", ["fc-part-2"]],
      ["input", ["fc-part-0"]],
      ["input", ["fc-part-1"]],
    ],
  );
});

test("the reader's choices count, and those for boxes that are gone do not", () => {
  const [main] = outline(
    wordCountGraph(),
    { key: "fc-count_library", isExpanded: false },
    { key: "gone", first: 3 },
  ).roots;
  assert.deepEqual([main?.isExpanded, main?.numChildren, main?.children], [false, 4, []]);
});

test("callers that are not known any more stand in one box, and calls without inputs say nothing of them", () => {
  const lists = graphLists({ functionName: "main" });
  const lost = { functionName: "lost", moduleName: "m", functionCallId: "fc-lost", parentInputId: "in-gone" };
  const { roots, numOrphans, numEmptyCalls } = outline({ ...lists, functionCalls: [...lists.functionCalls, lost] });
  assert.deepEqual([numOrphans, numEmptyCalls], [1, 1]);
  assert.deepEqual(names(roots), ["call main×1", "missing ×0"]);
  assert.deepEqual(names(roots[1]?.children ?? []), ["call lost×1"]);
});

test("a call that calls itself without end, and one that calls two each time, are drawn in part", () => {
  let deep: SampleCall = { functionName: "down", functionCallId: "fc-0" };
  for (let level = 1; level < 2_000; level++) {
    deep = { functionName: "down", functionCallId: `fc-${level}`, calls: [deep] };
  }
  const wide = (level: number, path: string): SampleCall => ({
    functionName: "fib",
    functionCallId: `fc-fib${path}`,
    calls: level === 0 ? [] : [wide(level - 1, `${path}a`), wide(level - 1, `${path}b`)],
  });
  for (const call of [deep, wide(11, "")]) {
    const drawn = boxes(outline(graphLists(call)).roots);
    assert.ok(drawn.length > 50 && drawn.length < 200, String(drawn.length));
    assert.ok(drawn.some(({ isExpanded }) => isExpanded === false));
  }
});

test("however large a graph is, and whatever is asked for, few boxes are drawn, each with a key of its own", () => {
  const call: fc.Arbitrary<SampleCall> = fc.letrec<{ call: SampleCall }>((tie) => ({
    call: fc.record({
      functionName: fc.constantFrom("one", "two", "__proto__"),
      statuses: fc
        .tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom("SUCCESS" as const, "FAILURE" as const))
        .map(([count, status]) => times(count, status)),
      calls: fc.oneof({ maxDepth: 4 }, fc.constant([]), fc.array(tie("call"), { maxLength: 12 })),
    }),
  })).call;
  const choice = fc.record({ isExpanded: fc.boolean(), isUnfolded: fc.boolean(), first: fc.integer() });
  fc.assert(
    fc.property(call, fc.array(choice, { maxLength: 5 }), (root, wanted) => {
      let number = 0;
      const withIds = (sample: SampleCall): SampleCall => ({
        ...sample,
        functionCallId: `fc-${number++}`,
        calls: sample.calls?.map(withIds) ?? [],
      });
      const lists = graphLists(withIds(root));
      const choices = wanted.map((made, place): BoxChoice => ({ key: `fc-${place}`, ...made }));
      const drawn = boxes(outline(lists, ...choices).roots);
      assert.ok(drawn.length <= 122 + 20 * choices.length, String(drawn.length));
      assert.equal(new Set(drawn.map(({ key }) => key)).size, drawn.length);
      for (const { children, numChildren, first } of drawn) {
        assert.ok(children.length <= 20 && first + children.length <= Math.max(1, numChildren));
      }
    }),
    { seed: 7, numRuns: 50 },
  );
});
