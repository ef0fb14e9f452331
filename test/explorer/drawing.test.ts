import assert from "node:assert/strict";
import { test } from "node:test";
import { Drawing } from "../../src/explorer/drawing.ts";
import type { EnvironmentNode, ExplorerNode } from "../../src/explorer/nodes.ts";
import { ShownNodes } from "../../src/explorer/shownNodes.ts";
import { until } from "../engine/engineHarness.ts";

function node(name: string): EnvironmentNode {
  return { kind: "environment", id: name, targetId: "local", environmentName: name, name, isDefault: false };
}

/** A row with one below it. */
function drawn() {
  const [root, child] = [node("root"), node("child")];
  const shown = new ShownNodes();
  shown.set(root, [child]);
  const fired: (ExplorerNode | undefined)[] = [];
  return { root, child, fired, drawing: new Drawing(shown, (row) => fired.push(row)) } as const;
}

test("a row whose children are in sight is drawn seldom for its own looks, one without them in the next turn", () => {
  const { root, child, fired, drawing } = drawn();
  for (let turn = 0; turn < 12; turn++) {
    drawing.later(root);
    drawing.takeTurn();
  }
  assert.deepEqual(fired, [root, root, root]);
  drawing.later(child);
  drawing.takeTurn();
  drawing.later(child);
  drawing.takeTurn();
  assert.deepEqual(
    fired.slice(3).filter((row) => row === child),
    [child, child],
  );
});

test("a row that is drawn for its own looks still has what is below it, and one that is to be read again does not", () => {
  const { root, child, drawing } = drawn();
  drawing.again(root);
  assert.deepEqual(drawing.knownBelow(root), [child]);
  assert.equal(drawing.knownBelow(root), undefined);
  drawing.again(root);
  drawing.readAgain(root);
  assert.equal(drawing.knownBelow(root), undefined);
});

test("a row that changes while it is read is drawn once VS Code has had the time to draw what was read", async () => {
  const { root, fired, drawing } = drawn();
  const read = drawing.during(root, async () => drawing.later(root));
  drawing.takeTurn();
  await read;
  drawing.takeTurn();
  assert.equal(fired.length, 0);
  await until("the row is drawn", async () => {
    drawing.takeTurn();
    return fired.includes(root);
  });
});
