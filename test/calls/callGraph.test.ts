import assert from "node:assert/strict";
import { test } from "node:test";
import { foldCallGraph } from "../../src/calls/callGraph.ts";
import type { InputInfo } from "../../src/client/index.ts";

function input(
  functionCallId: string,
  functionName: string,
  status: InputInfo["status"],
  children: InputInfo[] = [],
): InputInfo {
  return { inputId: "in-1", functionCallId, taskId: "", status, functionName, moduleName: "m", children };
}

test("folds the inputs of a call into one node with counts", () => {
  const [root, ...others] = foldCallGraph([
    input("fc-1", "main", "SUCCESS", [
      input("fc-2", "part", "SUCCESS", [input("fc-4", "leaf", "PENDING")]),
      input("fc-2", "part", "FAILURE"),
      input("fc-3", "part", "TERMINATED"),
    ]),
    input("fc-1", "main", "SUCCESS", [input("fc-2", "part", "SUCCESS")]),
  ]);
  assert.deepEqual(others, []);
  assert.equal(root?.counts.SUCCESS, 2);
  assert.deepEqual(
    root?.children.map((child) => child.functionCallId),
    ["fc-2", "fc-3"],
  );
  assert.equal(root?.children[0]?.counts.SUCCESS, 2);
  assert.equal(root?.children[0]?.counts.FAILURE, 1);
  assert.equal(root?.children[0]?.children[0]?.functionName, "leaf");
});

test("nothing is an empty graph", () => {
  assert.deepEqual(foldCallGraph([]), []);
});
