import { create } from "@bufbuild/protobuf";
import {
  FunctionCallInvocationType,
  FunctionCallType,
  type FunctionPutInputsItem,
  type FunctionPutInputsResponseItem,
  FunctionRetryPolicySchema,
} from "../../proto/gen/modal_pb.js";
import { FIRST_CURSOR, MAX_WAIT_MS, requestOutputs } from "../calls/outputs.ts";
import { jwtPayload } from "../connection/jwt.ts";
import type { ServerRpc } from "../connection/modalRpc.ts";
import { GET_OUTPUTS_RETRIES, NO_RETRIES, PUT_INPUTS_RETRIES, SPAWN_MAP_RETRIES } from "../connection/retry.ts";
import type { References } from "../payloads/payload.ts";
import type { AcceptedInput, MapOutputs, MapPlane, MapStart, RetriedInput } from "./mapPlane.ts";

/** Of a function without one: failures of its code are final. */
const NO_POLICY = create(FunctionRetryPolicySchema);

/** What a map on the control plane is made with. */
export interface ControlPlaneMapOptions {
  readonly rpc: ServerRpc;
  readonly functionId: string;
  /** `ASYNC` when nobody waits for the results. */
  readonly invocation: FunctionCallInvocationType.SYNC | FunctionCallInvocationType.ASYNC;
  readonly returnExceptions: boolean;
  /** Not needed where nobody reads the outputs. */
  readonly references?: References;
}

/** A map on the control plane: `FunctionMap`, `FunctionPutInputs`, `FunctionGetOutputs` and `FunctionRetryInputs`. */
export class ControlPlaneMap implements MapPlane {
  /** Modal's own limits, for `spawn_map` and for retries. */
  readonly maxBatchInputs = 512;
  readonly maxBatchRetries = 49;
  readonly beginsWithInputs = false;
  readonly firstCursor = FIRST_CURSOR;
  readonly #options: ControlPlaneMapOptions;
  #functionCallId = "";
  #functionCallJwt = "";

  constructor(options: ControlPlaneMapOptions) {
    this.#options = options;
  }

  async start(pipelinedInputs: FunctionPutInputsItem[], signal: AbortSignal): Promise<MapStart> {
    const { rpc, functionId, invocation, returnExceptions } = this.#options;
    signal.throwIfAborted();
    const isAsync = invocation === FunctionCallInvocationType.ASYNC;
    const call = await rpc.functionMap(
      {
        functionId,
        functionCallType: FunctionCallType.MAP,
        functionCallInvocationType: invocation,
        returnExceptions,
        pipelinedInputs,
      },
      // Nobody waits for a spawned map, so it can wait for a busy server, as in Modal's Python SDK.
      // Only retries end with the rest: a call whose id never arrived could not be cancelled any more.
      { retries: isAsync ? SPAWN_MAP_RETRIES : undefined, retrySignal: signal },
    );
    this.#functionCallId = call.functionCallId;
    this.#functionCallJwt = call.functionCallJwt;
    return {
      functionCallId: call.functionCallId,
      maxInputsOutstanding: call.maxInputsOutstanding,
      retryPolicy: !isAsync && call.syncClientRetriesEnabled ? (call.retryPolicy ?? NO_POLICY) : undefined,
      accepted: call.pipelinedInputs.map(acceptedInput),
    };
  }

  async put(inputs: FunctionPutInputsItem[], signal: AbortSignal): Promise<readonly AcceptedInput[]> {
    const { rpc, functionId } = this.#options;
    const request = { functionId, functionCallId: this.#functionCallId, inputs };
    const answer = await rpc.functionPutInputs(request, { signal, retries: PUT_INPUTS_RETRIES });
    return answer.inputs.map(acceptedInput);
  }

  async retry(inputs: readonly RetriedInput[], signal: AbortSignal): Promise<readonly AcceptedInput[]> {
    const request = {
      functionCallJwt: this.#functionCallJwt,
      inputs: inputs.map(({ item, token, retryCount }) => ({
        inputJwt: token,
        retryCount,
        ...(item.input && { input: item.input }),
      })),
    };
    const options = { signal, retries: PUT_INPUTS_RETRIES };
    const { inputJwts } = await this.#options.rpc.functionRetryInputs(request, options);
    const jwtByIndex = new Map(inputJwts.map((jwt) => [jwtPayload(jwt)?.idx, jwt]));
    // A server that gives no new token goes on with the old one.
    return inputs.map(({ item: { idx }, token }) => ({ index: idx, token: jwtByIndex.get(idx) ?? token }));
  }

  outputs(cursor: string, inputJwts: readonly string[], signal: AbortSignal): Promise<MapOutputs> {
    const { rpc, references } = this.#options;
    const functionCallId = this.#functionCallId;
    const retries = GET_OUTPUTS_RETRIES;
    return requestOutputs(rpc, {
      functionCallId,
      cursor,
      inputJwts,
      waitMs: MAX_WAIT_MS,
      signal,
      retries,
      ...(references && { references }),
    });
  }

  /** As Modal's Python SDK does. */
  async acknowledge(): Promise<void> {
    const acknowledgement = { waitMs: 0, clearOnSuccess: true, maxOutputs: 1, retries: NO_RETRIES };
    try {
      await requestOutputs(this.#options.rpc, { functionCallId: this.#functionCallId, ...acknowledgement });
    } catch {
      // The server keeps the outputs longer than it needs to, which is all that is lost.
    }
  }
}

function acceptedInput({ idx, inputJwt }: FunctionPutInputsResponseItem): AcceptedInput {
  return { index: idx, token: inputJwt };
}
