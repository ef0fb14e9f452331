import { type FunctionGetCallGraphResponse, GenericResult_GenericStatus } from "../../proto/gen/modal_pb.js";

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

/** An input in a call graph, as the server lists it. */
export interface CallGraphInput {
  readonly inputId: string;
  readonly functionCallId: string;
  /** The container that runs or ran it, `ta-…`; empty while there is none. */
  readonly taskId: string;
  readonly status: InputStatus;
}

/** A function call in a call graph, as the server lists it. */
export interface CallGraphCall {
  readonly functionCallId: string;
  /** The input whose code made the call; empty where none did. */
  readonly parentInputId: string;
  readonly functionName: string;
  readonly moduleName: string;
}

/**
 * A call graph as the server tells it: flat, and not always whole, for servers forget inputs after a while. So an input's call, a call's
 * inputs and the input that made a call may each be missing.
 */
export interface CallGraphLists {
  readonly inputs: readonly CallGraphInput[];
  readonly functionCalls: readonly CallGraphCall[];
}

/** The answer of `FunctionGetCallGraph` in Modal's words. */
export function callGraphLists({ inputs, functionCalls }: FunctionGetCallGraphResponse): CallGraphLists {
  return {
    inputs: inputs.map(({ inputId, functionCallId, taskId, status }) => ({
      inputId,
      functionCallId,
      taskId,
      status: STATUS_NAMES[status] ?? "PENDING",
    })),
    functionCalls: functionCalls.map(({ functionCallId, parentInputId, functionName, moduleName }) => ({
      functionCallId,
      parentInputId,
      functionName,
      moduleName,
    })),
  };
}

/**
 * Joins the lists into a forest, as `modal/call_graph.py` does: the parent of an input is the input that its function call names. An
 * input whose parent is not in the lists is left out, with all below it.
 */
export function callGraph({ inputs, functionCalls }: CallGraphLists): readonly InputInfo[] {
  const calls = new Map(functionCalls.map((call) => [call.functionCallId, call]));
  const nodes = new Map(inputs.map((input) => [input.inputId, node(input, calls.get(input.functionCallId))]));
  const roots: InputInfo[] = [];
  for (const info of nodes.values()) {
    const parentInputId = calls.get(info.functionCallId)?.parentInputId;
    const siblings = parentInputId ? nodes.get(parentInputId)?.children : roots;
    siblings?.push(info);
  }
  return roots;
}

function node(input: CallGraphInput, call: CallGraphCall | undefined) {
  const { functionName = "", moduleName = "" } = call ?? {};
  return { ...input, functionName, moduleName, children: [] as InputInfo[] };
}
