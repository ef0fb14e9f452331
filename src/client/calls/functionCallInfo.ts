import type { FunctionCallInfo as FunctionCallInfoMessage } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { NotFoundError } from "../errors.ts";

/** A function call as a server sums it up: how many of its inputs stand where. */
export interface FunctionCallInfo {
  readonly functionCallId: string;
  /** Unix milliseconds. */
  readonly createdAt: number;
  readonly totalInputs: number;
  readonly pendingInputs: number;
  readonly succeededInputs: number;
  readonly failedInputs: number;
  readonly timedOutInputs: number;
  readonly cancelledInputs: number;
}

/**
 * Sums up one call (`FunctionCallGetInfo`).
 *
 * @throws NotFoundError when the server does not know the call
 */
export async function requestCallInfo(
  rpc: ModalRpc,
  functionCallId: string,
  functionId: string,
): Promise<FunctionCallInfo> {
  const { info } = await rpc.functionCallGetInfo({ functionCallId, functionId });
  if (info) return functionCallInfo(info);
  throw new NotFoundError(`The server says nothing of the function call ${functionCallId}; it may be too old.`);
}

/** An input that runs now. */
export interface RunningInput {
  readonly index: number;
  /** `in-…` */
  readonly inputId: string;
  /** The container, `ta-…`. */
  readonly taskId: string;
  /** Unix milliseconds. */
  readonly startedAt: number;
}

/** The inputs of a call that run, as far as the server names them among the pending ones (`FunctionCallGetInfo`). */
export async function requestRunningInputs(
  rpc: ModalRpc,
  functionCallId: string,
  functionId: string,
): Promise<RunningInput[]> {
  const { info } = await rpc.functionCallGetInfo({ functionCallId, functionId });
  return (info?.pendingInputs?.latest ?? [])
    .filter(({ taskId, startedAt, finishedAt }) => taskId !== "" && startedAt > 0 && finishedAt === 0)
    .map(({ idx, inputId, taskId, startedAt }) => ({ index: idx, inputId, taskId, startedAt: startedAt * 1_000 }));
}

/** Sums up the recent calls of a function (`FunctionCallList`). */
export async function requestCallList(rpc: ModalRpc, functionId: string): Promise<FunctionCallInfo[]> {
  const { functionCalls } = await rpc.functionCallList({ functionId });
  return functionCalls.map(functionCallInfo);
}

/** Whether every input of a call has its output. A call without inputs waits for the first one. */
export function isFinished({ totalInputs, pendingInputs }: FunctionCallInfo): boolean {
  return totalInputs > 0 && pendingInputs === 0;
}

function functionCallInfo(info: FunctionCallInfoMessage): FunctionCallInfo {
  const succeededInputs = info.succeededInputs?.total ?? 0;
  const failedInputs = info.failedInputs?.total ?? 0;
  const timedOutInputs = info.timeoutInputs?.total ?? 0;
  const cancelledInputs = info.cancelledInputs?.total ?? 0;
  const finished = succeededInputs + failedInputs + timedOutInputs + cancelledInputs;
  return {
    functionCallId: info.functionCallId,
    createdAt: info.createdAt * 1_000,
    totalInputs: info.totalInputs,
    // Inputs that run are in no category of their own.
    pendingInputs: Math.max(0, info.totalInputs - finished),
    succeededInputs,
    failedInputs,
    timedOutInputs,
    cancelledInputs,
  };
}
