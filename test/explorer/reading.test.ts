import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import type { EnvironmentNode } from "../../src/explorer/nodes.ts";
import { Reading } from "../../src/explorer/reading.ts";
import { until } from "../engine/engineHarness.ts";

function node(name: string): EnvironmentNode {
  return { kind: "environment", id: name, targetId: "local", environmentName: name, name, isDefault: false };
}

test("what changes while it is read is told afterwards, once, and the tree as a whole after everything", async () => {
  const reading = new Reading();
  const [a, b] = [node("a"), node("b")];
  const told: string[] = [];
  const [readA, readB] = [new EventEmitter(), new EventEmitter()];
  const reads = [reading.during(a, () => once(readA, "done")), reading.during(b, () => once(readB, "done"))];
  reading.whenSettled(a, () => told.push("a too early"));
  reading.whenSettled(a, () => told.push("a"));
  reading.whenSettled(undefined, () => told.push("tree"));
  reading.whenSettled(node("c"), () => told.push("c"));
  assert.deepEqual(told, ["c"]);
  readA.emit("done");
  await until("the first is told", async () => told.includes("a"));
  await turn();
  assert.deepEqual(told, ["c", "a"]);
  readB.emit("done");
  await Promise.all(reads);
  await until("the tree is told", async () => told.includes("tree"));
  assert.deepEqual(told, ["c", "a", "tree"]);
});
