import type { InputInfo } from "../client/index.ts";
import { inputStatus, noInputs } from "./inputCounts.ts";
import type { CallGraphNode, InputStatus } from "./model.ts";

interface FoldedCall {
  readonly functionCallId: string;
  readonly functionName: string;
  readonly moduleName: string;
  readonly counts: Record<InputStatus, number>;
  readonly children: Map<string, FoldedCall>;
}

/**
 * Folds Modal's forest of inputs into one of function calls: a node per call with its inputs counted by status, below
 * it the calls that its inputs made. A map over 10,000 inputs is one node.
 */
export function foldCallGraph(inputs: readonly InputInfo[]): CallGraphNode[] {
  const roots = new Map<string, FoldedCall>();
  fold(inputs, roots);
  return nodes(roots);
}

function fold(inputs: readonly InputInfo[], calls: Map<string, FoldedCall>): void {
  for (const input of inputs) {
    const call = calls.get(input.functionCallId) ?? unfolded(input);
    calls.set(input.functionCallId, call);
    call.counts[inputStatus(input.status)] += 1;
    fold(input.children, call.children);
  }
}

function unfolded({ functionCallId, functionName, moduleName }: InputInfo): FoldedCall {
  return { functionCallId, functionName, moduleName, counts: { ...noInputs }, children: new Map() };
}

function nodes(calls: Map<string, FoldedCall>): CallGraphNode[] {
  return [...calls.values()].map((call) => ({ ...call, children: nodes(call.children) }));
}
