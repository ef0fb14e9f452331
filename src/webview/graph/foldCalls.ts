import type { CallGraphNode, InputStatus } from "../../panel/messages.ts";
import { STATUSES } from "../statuses.ts";

/** A function call in the drawing, or many calls of one function from the same place folded into one box. */
export interface FoldedCall {
  /** The first of the calls. */
  readonly functionCallId: string;
  readonly functionName: string;
  readonly moduleName: string;
  /** Number of function calls in this box. */
  readonly calls: number;
  readonly counts: Readonly<Record<InputStatus, number>>;
  readonly children: readonly FoldedCall[];
}

/** A fan-out larger than this is drawn as one box: nobody reads a hundred boxes with the same name. */
const MOST_SINGLE_CALLS = 8;

/** Folds siblings that call the same function, when there are more than eight, on every level. */
export function foldCalls(nodes: readonly CallGraphNode[]): FoldedCall[] {
  const byFunction = new Map<string, CallGraphNode[]>();
  for (const node of nodes) {
    const name = `${node.moduleName} ${node.functionName}`;
    const calls = byFunction.get(name);
    if (calls) calls.push(node);
    else byFunction.set(name, [node]);
  }
  return [...byFunction.values()].flatMap((calls) =>
    calls.length > MOST_SINGLE_CALLS ? [fold(calls)] : calls.map((call) => fold([call])),
  );
}

function fold(calls: readonly CallGraphNode[]): FoldedCall {
  const [first] = calls;
  if (!first) throw new RangeError("There is no call to fold.");
  return {
    functionCallId: first.functionCallId,
    functionName: first.functionName,
    moduleName: first.moduleName,
    calls: calls.length,
    counts: sumCounts(calls),
    children: foldCalls(calls.flatMap((call) => call.children)),
  };
}

function sumCounts(calls: readonly CallGraphNode[]): Record<InputStatus, number> {
  const sum = { PENDING: 0, SUCCESS: 0, FAILURE: 0, TERMINATED: 0, TIMEOUT: 0, INIT_FAILURE: 0 };
  for (const call of calls) for (const status of STATUSES) sum[status] += call.counts[status];
  return sum;
}
