import {
  type FunctionGetCallGraphResponse,
  GenericResult_GenericStatus,
  type InputCallGraphInfo,
} from "../../proto/gen/modal_pb.js";

/** How an input stands, by the names of `modal.call_graph.InputStatus`. */
export type InputStatus = "PENDING" | "SUCCESS" | "FAILURE" | "TERMINATED" | "TIMEOUT" | "INIT_FAILURE";

/** One input in a call graph, with the inputs of the calls that it made. */
export interface InputInfo {
  readonly inputId: string;
  readonly functionCallId: string;
  /** The container that runs or ran it, `ta-…`; empty while there is none. */
  readonly taskId: string;
  readonly status: InputStatus;
  readonly functionName: string;
  readonly moduleName: string;
  readonly children: readonly InputInfo[];
}

/** Modal's `InputStatus` has no words for the last three, and its Python client shows them as pending for ever; they are failures. */
const STATUS_NAMES: Partial<Record<GenericResult_GenericStatus, InputStatus>> = {
  [GenericResult_GenericStatus.SUCCESS]: "SUCCESS",
  [GenericResult_GenericStatus.FAILURE]: "FAILURE",
  [GenericResult_GenericStatus.TERMINATED]: "TERMINATED",
  [GenericResult_GenericStatus.TIMEOUT]: "TIMEOUT",
  [GenericResult_GenericStatus.INIT_FAILURE]: "INIT_FAILURE",
  [GenericResult_GenericStatus.INTERNAL_FAILURE]: "FAILURE",
  [GenericResult_GenericStatus.IDLE_TIMEOUT]: "FAILURE",
  [GenericResult_GenericStatus.MEMORY_MANAGER_EVICTION]: "FAILURE",
};

/**
 * Joins the flat answer of `FunctionGetCallGraph` into a forest, as `modal/call_graph.py` does: the parent of an input is the
 * input that its function call names. An input whose parent is not in the answer is left out, with all below it.
 */
export function callGraph(response: FunctionGetCallGraphResponse): readonly InputInfo[] {
  const calls = new Map(response.functionCalls.map((call) => [call.functionCallId, call]));
  const nodes = new Map(response.inputs.map((input) => [input.inputId, node(input)]));
  const roots: InputInfo[] = [];
  for (const info of nodes.values()) {
    const call = calls.get(info.functionCallId);
    info.functionName = call?.functionName ?? "";
    info.moduleName = call?.moduleName ?? "";
    const siblings = call?.parentInputId ? nodes.get(call.parentInputId)?.children : roots;
    siblings?.push(info);
  }
  return roots;
}

function node({ inputId, functionCallId, taskId, status }: InputCallGraphInfo) {
  return {
    inputId,
    functionCallId,
    taskId,
    status: STATUS_NAMES[status] ?? ("PENDING" as const),
    functionName: "",
    moduleName: "",
    children: [] as InputInfo[],
  };
}
