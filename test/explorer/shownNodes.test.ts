import assert from "node:assert/strict";
import { test } from "node:test";
import type { EnvironmentNode } from "../../src/explorer/nodes.ts";
import { ShownNodes } from "../../src/explorer/shownNodes.ts";

function node(name: string): EnvironmentNode {
  return { kind: "environment", id: name, targetId: "local", environmentName: name, name, isDefault: false };
}

test("what is below a folded row, or below one that is gone, is not unfolded", () => {
  const [root, app, fn] = [node("root"), node("app"), node("function")];
  const shown = new ShownNodes();
  shown.set(root, [app]);
  shown.set(app, [fn]);
  assert.deepEqual(shown.unfolded(), [root, app]);
  shown.collapse(root);
  assert.deepEqual(shown.unfolded(), []);
  shown.expand(root);
  assert.deepEqual(shown.unfolded(), [root, app]);
  shown.set(root, []);
  assert.deepEqual(shown.unfolded(), [root]);
});

test("rows in another order are the same rows, and one more or another one is not", () => {
  const [root, a, b] = [node("root"), node("a"), node("b")];
  const shown = new ShownNodes();
  shown.set(root, [a, b]);
  assert.ok(shown.areShown(root, [b, a]));
  assert.ok(!shown.areShown(root, [a]));
  assert.ok(!shown.areShown(root, [a, node("b")]));
});

test("a row that stands unfolded is unasked until what is below it was given, or until it is folded", () => {
  const [root, other] = [node("root"), { ...node("default"), isDefault: true }];
  const shown = new ShownNodes();
  shown.set(root, [other, node("folded")]);
  assert.deepEqual(shown.unasked(), [other]);
  shown.collapse(other);
  assert.deepEqual(shown.unasked(), []);
  shown.expand(other);
  shown.set(other, []);
  assert.deepEqual(shown.unasked(), []);
});
