import type { CallGraphCall, CallGraphInput, CallGraphLists, InputStatus } from "../../src/client/index.ts";

/** A function call of a call graph that a test makes up. */
export interface SampleCall {
  readonly functionName: string;
  readonly functionCallId?: string;
  readonly moduleName?: string;
  /** Of its inputs, in their order. One that succeeded, when nothing is said. */
  readonly statuses?: readonly InputStatus[];
  /** What its inputs called: the first call is the first input's, and so on, and over again. */
  readonly calls?: readonly SampleCall[];
}

/** So many times the same status. */
export function times(count: number, status: InputStatus): InputStatus[] {
  return Array.from({ length: count }, () => status);
}

/** The lists that a server tells of such calls. */
export function graphLists(...roots: readonly SampleCall[]): CallGraphLists {
  const inputs: CallGraphInput[] = [];
  const functionCalls: CallGraphCall[] = [];
  const add = (call: SampleCall, parentInputId: string) => {
    const { functionName, moduleName = "word_count", functionCallId = `fc-${functionName}`, calls = [] } = call;
    functionCalls.push({ functionCallId, parentInputId, functionName, moduleName });
    const { statuses = ["SUCCESS"] } = call;
    const inputIds = statuses.map((_, index) => `in-${functionCallId.slice(3)}-${index}`);
    for (const [index, status] of statuses.entries()) {
      inputs.push({ inputId: inputIds[index] ?? "", functionCallId, taskId: "", status });
    }
    for (const [place, child] of calls.entries()) add(child, inputIds[place % inputIds.length] ?? "");
  };
  for (const root of roots) add(root, "");
  return { inputs, functionCalls };
}

/** Three levels, one fan-out that is drawn box by box and one that is folded. */
export function wordCountGraph(): CallGraphLists {
  const parts = Array.from({ length: 12 }, (_, part) => ({
    functionName: "count_part",
    functionCallId: `fc-part-${part}`,
    statuses: [...times(24, "SUCCESS"), ...times(part % 3, "PENDING")],
  }));
  const books = ["alice", "dracula", "emma"].map((book, position) => ({
    functionName: "count_book",
    functionCallId: `fc-${book}`,
    statuses: [...times(40, "SUCCESS"), ...times(position, "FAILURE"), ...times(position * 6, "PENDING")],
    calls:
      position === 2
        ? parts
        : [{ functionName: "count_part", functionCallId: `fc-${book}-parts`, statuses: times(12, "SUCCESS") }],
  }));
  return graphLists({
    functionName: "count_library",
    statuses: ["PENDING"],
    calls: [...books, { functionName: "merge_counts" }],
  });
}
