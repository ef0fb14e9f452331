import type { ModalRpc } from "../connection/connection.ts";
import { NewerMethod } from "../connection/newerMethod.ts";
import { InvalidError } from "../errors.ts";
import { FunctionCall } from "./functionCall.ts";
import { type FunctionCallInfo, requestCallList } from "./functionCallInfo.ts";
import {
  countedByCall,
  fetchRecentInputs,
  listRecentInputs,
  type RecentInput,
  type RecentInputsOptions,
} from "./recentInputs.ts";

/** Inputs that stand for a function's recent calls where a server has no list of calls. */
const MAX_COUNTED_INPUTS = 1_000;

/** Function calls, new and old: `modal.calls`. */
export class FunctionCallService {
  readonly #rpc: ModalRpc;
  readonly #list = new NewerMethod();
  readonly #fetch = new NewerMethod();

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

  /** The recent calls of a function, the server's choice of how many. A server without such a list gives what its last inputs tell. */
  list(functionId: string): Promise<FunctionCallInfo[]> {
    return this.#list.orElse(
      () => requestCallList(this.#rpc, functionId),
      async () => countedByCall(await fetchRecentInputs(this.#rpc, functionId, { limit: MAX_COUNTED_INPUTS })),
    );
  }

  /**
   * The recent calls of one method of a class, on whichever instance, newest first. Found by their inputs: a call on an instance with
   * parameters whose inputs are very many is counted as far as those were looked at.
   *
   * @param functionId of the class, as its methods have it in `apps.layout`
   */
  async listOfMethod(functionId: string, methodName: string): Promise<FunctionCallInfo[]> {
    const [inputs, calls] = await Promise.all([
      this.recentInputs(functionId, { limit: MAX_COUNTED_INPUTS, allVariants: true }),
      this.list(functionId),
    ]);
    const whole = new Map(calls.map((info) => [info.functionCallId, info]));
    const counted = countedByCall(inputs.filter((input) => input.methodName === methodName));
    return counted.map((info) => whole.get(info.functionCallId) ?? info);
  }

  /**
   * The recent inputs of a function, of whichever call, newest first. A server that lacks `FunctionCallFetch` is asked for the function's
   * calls instead, whose inputs it may not name all.
   */
  recentInputs(functionId: string, options: RecentInputsOptions = {}): Promise<RecentInput[]> {
    return this.#fetch.orElse(
      () => fetchRecentInputs(this.#rpc, functionId, options),
      () => listRecentInputs(this.#rpc, functionId, options),
    );
  }

  /** Waits for the results of several calls at once. The first failure is raised; the other calls go on. */
  gather(...calls: readonly FunctionCall[]): Promise<unknown[]> {
    return Promise.all(calls.map((call) => call.get()));
  }
}
