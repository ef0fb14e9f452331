import type { FunctionCallInfo as FunctionCallInfoMessage } from "../proto/gen/modal_pb.js";
import type { ModalRpc } from "./connection.ts";
import { InvalidError } from "./errors.ts";
import { FunctionCall } from "./functionCall.ts";

/** A function call in a list: how many of its inputs stand where. */
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

/** Function calls, new and old: `modal.calls`. */
export class FunctionCallService {
  readonly #rpc: ModalRpc;

  /** @internal */
  constructor(rpc: ModalRpc) {
    this.#rpc = rpc;
  }

  /**
   * A handle on a call that was made before, here or elsewhere. Makes no request.
   *
   * @param functionCallId `fc-…`
   * @throws InvalidError when that is not a function call id
   */
  fromId(functionCallId: string): FunctionCall {
    if (!functionCallId.startsWith("fc-")) {
      throw new InvalidError(`"${functionCallId}" is not the id of a function call; such ids begin with fc-.`);
    }
    return new FunctionCall(this.#rpc, functionCallId);
  }

  /** The recent calls of a function, the server's choice of how many. */
  async list(functionId: string): Promise<FunctionCallInfo[]> {
    const { functionCalls } = await this.#rpc.functionCallList({ functionId });
    return functionCalls.map(functionCallInfo);
  }

  /** Waits for the results of several calls at once. The first failure is raised; the other calls go on. */
  gather(...calls: readonly FunctionCall[]): Promise<unknown[]> {
    return Promise.all(calls.map((call) => call.get()));
  }
}

function functionCallInfo(info: FunctionCallInfoMessage): FunctionCallInfo {
  return {
    functionCallId: info.functionCallId,
    createdAt: info.createdAt * 1_000,
    totalInputs: info.totalInputs,
    pendingInputs: info.pendingInputs?.total ?? 0,
    succeededInputs: info.succeededInputs?.total ?? 0,
    failedInputs: info.failedInputs?.total ?? 0,
    timedOutInputs: info.timeoutInputs?.total ?? 0,
    cancelledInputs: info.cancelledInputs?.total ?? 0,
  };
}
