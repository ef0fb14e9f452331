import type { InputInfo } from "../client/index.ts";
import { counted, type TreeNode, tree } from "./render.ts";

/** Draws a call graph, one line per function call: ten thousand inputs of a map are one line, not ten thousand. */
export function callGraphText(roots: readonly InputInfo[]): string {
  return tree(callNodes(roots)).join("\n");
}

function callNodes(inputs: readonly InputInfo[]): TreeNode[] {
  return [...groupedBy(inputs, "functionCallId")].map(([functionCallId, members]) => ({
    text: `${members[0]?.functionName}  ${functionCallId}  ${counted(members.length, "input")}: ${statusText(members)}`,
    children: callNodes(members.flatMap((member) => member.children)),
  }));
}

function statusText(inputs: readonly InputInfo[]): string {
  const byStatus = groupedBy(inputs, "status");
  return [...byStatus].map(([status, members]) => `${members.length.toLocaleString("en")} ${status}`).join(", ");
}

function groupedBy<K extends keyof InputInfo>(inputs: readonly InputInfo[], key: K): Map<InputInfo[K], InputInfo[]> {
  const groups = new Map<InputInfo[K], InputInfo[]>();
  for (const input of inputs) {
    const group = groups.get(input[key]);
    if (group) group.push(input);
    else groups.set(input[key], [input]);
  }
  return groups;
}
