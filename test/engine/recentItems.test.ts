import assert from "node:assert/strict";
import { test } from "node:test";
import { RecentItems } from "../../src/engine/scheduler/recentItems.ts";
import type { StoredItem } from "../../src/engine/store/itemStore.ts";

const items = (indexes: readonly number[], bytes = 1): StoredItem[] =>
  indexes.map((index) => ({ index, dataFormat: 4, data: new Uint8Array(bytes) }));
const indexes = (taken: readonly StoredItem[] | undefined) => taken?.map(({ index }) => index);

test("nothing is kept while nobody reads along", () => {
  const recent = new RecentItems();
  recent.add(items([1]));
  assert.equal(recent.take(0), undefined);
  assert.equal(recent.take(1), undefined);
});

test("who reads along is given each item once; whoever comes again is sent to the store", () => {
  const recent = new RecentItems();
  recent.follow(3);
  recent.add(items([3, 4]));
  recent.add(items([5]));
  assert.deepEqual(indexes(recent.take(3)), [4, 5]);
  assert.deepEqual(indexes(recent.take(5)), []);
  assert.equal(recent.take(3), undefined);
  recent.add(items([6]));
  assert.deepEqual(indexes(recent.take(5)), [6]);
});

test("a reader that is ahead is given what comes after it, and who is behind goes to the store", () => {
  const recent = new RecentItems();
  recent.follow(0);
  recent.add(items([1, 2, 3]));
  assert.deepEqual(indexes(recent.take(2)), [3]);
  assert.equal(recent.take(0), undefined, "the store has 1 and 2");
  assert.equal(recent.take(1), undefined);
  assert.deepEqual(indexes(recent.take(3)), []);
});

test("a reader that skips items makes nobody else miss them", () => {
  const recent = new RecentItems();
  recent.follow(2);
  recent.follow(0);
  recent.add(items([1, 2, 3]));
  assert.equal(recent.take(0), undefined, "the store has 1 and 2");
  assert.deepEqual(indexes(recent.take(2)), [3]);
});

test("a reader that stays away makes nobody keep much", () => {
  for (const [count, bytes] of [
    [20_000, 0],
    [300, 1_000],
  ] as const) {
    const recent = new RecentItems();
    recent.follow(0);
    for (let index = 1; index <= count; index++) recent.add(items([index], bytes));
    assert.equal(recent.take(0), undefined);
    recent.follow(count);
    recent.add(items([count + 1]));
    assert.deepEqual(indexes(recent.take(count)), [count + 1]);
  }
});
