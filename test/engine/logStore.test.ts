import assert from "node:assert/strict";
import { test } from "node:test";
import { inputKey } from "../../src/engine/ids.ts";
import type { LogFilter } from "../../src/engine/store/logStore.ts";
import { openStore } from "../../src/engine/store/store.ts";

const { logs } = openStore(undefined);
const base = { appId: "ap-1", functionId: "fu-1", taskId: "ta-1", input: undefined, fileDescriptor: 1, at: 1 };
logs.insert({ ...base, data: "importing" });
logs.insert({ ...base, data: "one", input: inputKey(1, 0), at: 2 });
logs.insert({ ...base, data: "two", input: inputKey(1, 1), at: 3, fileDescriptor: 2, taskId: "ta-2" });
logs.insert({ ...base, data: "three", input: inputKey(2, 0), at: 4, functionId: "fu-2" });
logs.insert({ ...base, data: "elsewhere", appId: "ap-2", at: 5 });

const found = (filter: LogFilter, entry = 0, limit = 100) => logs.after(entry, filter, limit).map(({ data }) => data);

test("logs are read after an entry, in their order", () => {
  assert.deepEqual(found({}), ["importing", "one", "two", "three", "elsewhere"]);
  assert.deepEqual(found({}, 3), ["three", "elsewhere"]);
  assert.deepEqual(found({}, 1, 2), ["one", "two"]);
  assert.deepEqual(found({}, 5), []);
});

test("the last ones are read oldest first", () => {
  assert.deepEqual(
    logs.last({}, 2).map(({ data }) => data),
    ["three", "elsewhere"],
  );
});

test("each condition narrows", () => {
  assert.deepEqual(found({ appId: "ap-2" }), ["elsewhere"]);
  assert.deepEqual(found({ functionId: "fu-2" }), ["three"]);
  assert.deepEqual(found({ callNumber: 1 }), ["one", "two"]);
  assert.deepEqual(found({ callNumber: 1, input: inputKey(1, 1) }), ["two"]);
  assert.deepEqual(found({ taskId: "ta-2" }), ["two"]);
  assert.deepEqual(found({ fileDescriptor: 2 }), ["two"]);
  assert.deepEqual(found({ searchText: "o" }), ["importing", "one", "two"]);
  assert.deepEqual(found({ since: 3, until: 5 }), ["two", "three"]);
});

test("the last ones are the last in time, whenever they arrived", () => {
  const { logs: late } = openStore(undefined);
  for (const [at, data] of [
    [5, "five"],
    [3, "three"],
    [4, "four"],
  ] as const)
    late.insert({ ...base, at, data });
  assert.deepEqual(
    late.last({ appId: "ap-1" }, 2).map(({ data }) => data),
    ["four", "five"],
  );
});

test("records are counted by span and source, as each condition narrows", () => {
  assert.deepEqual(
    logs.count({ appId: "ap-1" }, 2),
    new Map([
      [0, new Map([[1, 1]])],
      [
        1,
        new Map([
          [1, 1],
          [2, 1],
        ]),
      ],
      [2, new Map([[1, 1]])],
    ]),
  );
  assert.deepEqual(logs.count({ callNumber: 1, since: 3 }, 60), new Map([[0, new Map([[2, 1]])]]));
});

test("what was written outside any input is forgotten up to a time", () => {
  const { logs: some } = openStore(undefined);
  some.insert({ ...base, data: "old" });
  some.insert({ ...base, data: "of an input", input: inputKey(1, 0) });
  some.insert({ ...base, data: "new", at: 9 });
  some.insert({ ...base, data: "older", at: base.at - 1 });
  assert.deepEqual(some.deleteOfNoInput(9, 1), { records: 1, bytes: "older".length });
  assert.deepEqual(some.deleteOfNoInput(9, 10), { records: 1, bytes: "old".length });
  assert.deepEqual(
    some.after(0, {}, 10).map(({ data }) => data),
    ["of an input", "new"],
  );
});
