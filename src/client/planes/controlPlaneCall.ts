import {
  FunctionCallInvocationType,
  FunctionCallType,
  type FunctionMapResponse,
  type FunctionPutInputsItem,
} from "../../proto/gen/modal_pb.js";
import type { Output } from "../calls/output.ts";
import { awaitOutputs } from "../calls/outputs.ts";
import type { ServerRpc } from "../connection/modalRpc.ts";
import { PUT_INPUTS_RETRIES } from "../connection/retry.ts";
import { OutputExpiredError } from "../errors.ts";
import type { References } from "../payloads/payload.ts";
import { AwaitedOutput, OUTPUT_WAIT_MS } from "./awaitedOutput.ts";
import type { UnaryCall, UnaryRetries } from "./unaryCall.ts";

/** What a call on the control plane is made with. */
export interface ControlPlaneCallOptions {
  readonly rpc: ServerRpc;
  readonly functionId: string;
  readonly input: FunctionPutInputsItem;
  readonly invocation: FunctionCallInvocationType;
  readonly references: References;
}

/** A call on the control plane. */
export class ControlPlaneCall implements UnaryCall {
  readonly functionCallId: string;
  readonly retries: UnaryRetries | undefined;
  readonly #options: ControlPlaneCallOptions;
  readonly #functionCallJwt: string;
  readonly #inputJwt: string;
  readonly #awaitedOutput: AwaitedOutput;

  private constructor(options: ControlPlaneCallOptions, response: FunctionMapResponse, inputJwt: string) {
    this.#options = options;
    this.functionCallId = response.functionCallId;
    this.#functionCallJwt = response.functionCallJwt;
    this.#inputJwt = inputJwt;
    this.#awaitedOutput = new AwaitedOutput(response.awaitedOutput, options.references);
    this.retries = clientRetries(options.invocation, response);
  }

  /** Makes the call (`FunctionMap`). */
  static async start(options: ControlPlaneCallOptions, signal: AbortSignal | undefined): Promise<ControlPlaneCall> {
    const { rpc, functionId, input, invocation } = options;
    const inputs = [input];
    // Not aborted: a call whose id never arrived could not be cancelled any more.
    const response = await rpc.functionMap({
      functionId,
      functionCallType: FunctionCallType.UNARY,
      functionCallInvocationType: invocation,
      pipelinedInputs: inputs,
      outputWaitMs: invocation === FunctionCallInvocationType.SYNC ? OUTPUT_WAIT_MS : 0,
    });
    let [accepted] = response.pipelinedInputs;
    // A server may leave out the input that came with the call, and then expects it by itself; so does Modal's Python SDK.
    if (!accepted) {
      const request = { functionId, functionCallId: response.functionCallId, inputs };
      const answer = await rpc.functionPutInputs(request, { signal, retries: PUT_INPUTS_RETRIES });
      [accepted] = answer.inputs;
    }
    return new ControlPlaneCall(options, response, accepted?.inputJwt ?? "");
  }

  async output(signal: AbortSignal | undefined): Promise<Output> {
    const { functionCallId } = this;
    const { rpc, references } = this.#options;
    const awaited = this.#awaitedOutput.take(signal);
    if (awaited) return awaited;
    // The server watches the inputs of calls that are retried from here, and tells when it has lost one.
    const inputJwts = this.retries && [this.#inputJwt];
    const query = { functionCallId, index: 0, clearOnSuccess: true, inputJwts, references, signal };
    const { outputs } = await awaitOutputs(rpc, query, undefined);
    const [output] = outputs;
    if (!output) throw new OutputExpiredError(`The server has no result of ${functionCallId}; make the call again.`);
    return output;
  }

  /** The server takes the first token again and again, and forgets the output that the retry is for. */
  async retry(signal: AbortSignal | undefined): Promise<void> {
    const { rpc, input } = this.#options;
    const inputs = [{ inputJwt: this.#inputJwt, ...(input.input && { input: input.input }) }];
    await rpc.functionRetryInputs({ functionCallJwt: this.#functionCallJwt, inputs }, { signal });
  }
}

/** Modal's Python SDK retries nothing else: not spawned calls, and no generators. */
function clientRetries(
  invocation: FunctionCallInvocationType,
  response: FunctionMapResponse,
): UnaryRetries | undefined {
  const { retryPolicy: policy, syncClientRetriesEnabled } = response;
  if (invocation !== FunctionCallInvocationType.SYNC || !syncClientRetriesEnabled || !policy?.retries) return undefined;
  return { policy, maxInternalFailures: Infinity };
}
