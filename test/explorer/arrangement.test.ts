import assert from "node:assert/strict";
import { test } from "node:test";
import { KeptArrangement } from "../../src/explorer/arrangement.ts";

test("an arrangement is kept with its workspace, and a change leaves the rest", async () => {
  const kept = new Map<string, unknown>();
  const memory = {
    get: <T>(key: string) => kept.get(key) as T | undefined,
    update: async (key: string, value: unknown) => void kept.set(key, value),
  };
  const arrangement = new KeptArrangement(memory);
  assert.deepEqual(arrangement.current, { filter: "", sort: "name", grouping: "class" });
  await arrangement.change({ filter: "shop" });
  await arrangement.change({ grouping: "flat" });
  assert.deepEqual(new KeptArrangement(memory).current, { filter: "shop", sort: "name", grouping: "flat" });
});
