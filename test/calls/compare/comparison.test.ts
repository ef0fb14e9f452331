import assert from "node:assert/strict";
import { test } from "node:test";
import { Comparison } from "../../../src/calls/compare/comparison.ts";
import { FakeServer, output } from "../fakeServer.ts";
import { comparedRecord } from "./comparedRecord.ts";

const forever = new AbortController().signal;

function compare(
  left: FakeServer,
  right: FakeServer,
): { comparison: Comparison; until: (is: () => boolean) => Promise<void> } {
  const waiting = new Set<() => void>();
  const comparison = new Comparison(
    { record: comparedRecord("fc-left"), connect: left.connect },
    { record: comparedRecord("fc-right"), connect: right.connect },
    () => {
      for (const check of waiting) check();
    },
  );
  const until = (is: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (is()) resolve();
      };
      waiting.add(check);
      check();
    });
  return { comparison, until };
}

test("inputs are the same, different, or there in one call only", async () => {
  const [left, right] = [new FakeServer(4), new FakeServer(3)];
  left.give(
    output(0, { a: 1, b: 2 }),
    output(1, "one"),
    output(2, null, { status: "FAILURE", exception: "ValueError('x')", traceback: "here" }),
    output(3, 3),
  );
  right.give(
    output(2, null, { status: "FAILURE", exception: "ValueError('x')", traceback: "there" }),
    output(1, "two"),
    output(0, { b: 2, a: 1 }),
  );
  const { comparison } = compare(left, right);
  await comparison.follow(forever);
  assert.deepEqual(comparison.select(undefined), {
    indexes: [0, 1, 2, 3],
    counts: { different: 1, onlyLeft: 1, onlyRight: 0, same: 2, waiting: 0 },
  });
  assert.deepEqual(comparison.select("different").indexes, [1]);
  assert.deepEqual([comparison.row(3)?.verdict, comparison.row(3)?.right], ["onlyLeft", undefined]);
  assert.equal(comparison.row(1)?.left?.preview, "one");
});

test("what a running call has not given yet is waited for, and reading goes on where it stopped", async () => {
  const [left, right] = [new FakeServer(2), new FakeServer(2)];
  left.give(output(0, 1), output(1, 1));
  const { comparison, until } = compare(left, right);
  const stopped = new AbortController();
  const first = comparison.follow(stopped.signal);
  await until(() => comparison.left.isComplete);
  assert.equal(comparison.select(undefined).counts.waiting, 2);
  right.give(output(0, 1));
  await until(() => comparison.select(undefined).counts.same === 1);
  stopped.abort();
  await first;
  right.give(output(1, 2));
  await comparison.follow(forever);
  assert.deepEqual(comparison.select(undefined).counts, {
    different: 1,
    onlyLeft: 0,
    onlyRight: 0,
    same: 1,
    waiting: 0,
  });
  assert.deepEqual(right.cursors, [undefined, "1"]);
});

test("large values are loaded to be compared", async () => {
  const large = (value: string) =>
    output(0, undefined, { isLoaded: false, load: () => Promise.resolve(output(0, value)) });
  const [left, right] = [new FakeServer(1), new FakeServer(1)];
  left.give(large("large"));
  right.give(large("large"));
  const { comparison } = compare(left, right);
  await comparison.follow(forever);
  assert.equal(comparison.row(0)?.verdict, "same");
});

test("the items of generators are compared one by one, and the failure after them", async () => {
  const [left, right] = [new FakeServer(1), new FakeServer(1)];
  left.yields("a", "b");
  right.yields("a", "c");
  left.give(output(0, 2));
  right.give(output(0, null, { status: "FAILURE", exception: "ValueError('late')" }));
  const { comparison } = compare(left, right);
  await comparison.follow(forever);
  assert.deepEqual(
    [0, 1, 2].map((index) => comparison.row(index)?.verdict),
    ["same", "different", "onlyRight"],
  );
});

test("100,000 inputs are compared, and any window of them is there", async () => {
  const count = 100_000;
  const [left, right] = [new FakeServer(count), new FakeServer(count)];
  const outputs = (value: (index: number) => unknown) =>
    Array.from({ length: count }, (_, index) => output(index, value(index)));
  left.outputs.push(...outputs((index) => ({ index })));
  right.outputs.push(...outputs((index) => ({ index: index % 1_000 === 999 ? -1 : index })));
  const { comparison } = compare(left, right);
  await comparison.follow(forever);
  const { indexes, counts } = comparison.select("different");
  assert.deepEqual([counts.same, counts.different, indexes.length, indexes[1]], [99_900, 100, 100, 1_999]);
});
