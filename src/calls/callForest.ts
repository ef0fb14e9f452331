import type { CallGraphCall, CallGraphLists, InputStatus } from "../client/index.ts";
import { noInputs } from "./inputCounts.ts";

/** An input in the forest, with the calls that its code made. */
export interface ForestInput {
  readonly inputId: string;
  readonly status: InputStatus;
  readonly calls: readonly ForestCall[];
  /** Whether it failed, or anything below it did. */
  readonly leadsToFailure: boolean;
}

/** A function call in the forest. Without inputs: the server no longer tells of them. */
export interface ForestCall {
  readonly functionCallId: string;
  readonly functionName: string;
  readonly moduleName: string;
  readonly inputs: readonly ForestInput[];
  readonly counts: Readonly<Record<InputStatus, number>>;
  readonly leadsToFailure: boolean;
}

/** Which calls the inputs of which calls made, as far as the server tells. */
export interface CallForest {
  /** Calls that no input made. */
  readonly roots: readonly ForestCall[];
  /** Calls that some input made, of which the server no longer tells. */
  readonly orphans: readonly ForestCall[];
  readonly numCalls: number;
  readonly numInputs: number;
  /** Calls of whose inputs the server no longer tells. */
  readonly numEmptyCalls: number;
}

interface GrowingInput extends ForestInput {
  readonly calls: GrowingCall[];
  leadsToFailure: boolean;
  readonly owner: GrowingCall;
}

interface GrowingCall extends ForestCall {
  readonly inputs: GrowingInput[];
  readonly counts: Record<InputStatus, number>;
  leadsToFailure: boolean;
  caller: GrowingInput | undefined;
}

/** Joins the lists of a call graph, in a time that grows with their length. Of what is missing, what is left is kept. */
export function callForest({ inputs, functionCalls }: CallGraphLists): CallForest {
  const calls = new Map(functionCalls.map((call) => [call.functionCallId, growingCall(call)]));
  const byId = new Map<string, GrowingInput>();
  const nameless: GrowingCall[] = [];
  for (const { inputId, functionCallId, status } of inputs) {
    const owner = calls.get(functionCallId) ?? growingCall({ functionCallId, functionName: "", moduleName: "" });
    if (!calls.has(functionCallId)) nameless.push(owner);
    calls.set(functionCallId, owner);
    const input: GrowingInput = { inputId, status, calls: [], leadsToFailure: false, owner };
    owner.inputs.push(input);
    owner.counts[status] += 1;
    byId.set(inputId, input);
  }
  const roots: GrowingCall[] = [];
  const orphans = nameless;
  for (const { functionCallId, parentInputId } of functionCalls) {
    const call = calls.get(functionCallId);
    if (!call) continue;
    call.caller = byId.get(parentInputId);
    (call.caller?.calls ?? (parentInputId === "" ? roots : orphans)).push(call);
  }
  for (const input of byId.values()) if (isFailure(input.status)) markPath(input);
  const numEmptyCalls = [...calls.values()].filter((call) => call.inputs.length === 0).length;
  return { roots, orphans, numCalls: calls.size, numInputs: byId.size, numEmptyCalls };
}

function growingCall({ functionCallId, functionName, moduleName }: Omit<CallGraphCall, "parentInputId">): GrowingCall {
  const counts = { ...noInputs };
  return { functionCallId, functionName, moduleName, inputs: [], counts, leadsToFailure: false, caller: undefined };
}

/** An input that was cancelled did not fail. */
function isFailure(status: InputStatus): boolean {
  return status !== "SUCCESS" && status !== "PENDING" && status !== "TERMINATED";
}

/** From a failed input up to its root, or to where another failure came by. */
function markPath(failed: GrowingInput): void {
  let input: GrowingInput | undefined = failed;
  while (input && !input.leadsToFailure) {
    input.leadsToFailure = true;
    input.owner.leadsToFailure = true;
    input = input.owner.caller;
  }
}
