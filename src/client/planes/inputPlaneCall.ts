import type { AttemptStartResponse, DataChunk, FunctionPutInputsItem } from "../../proto/gen/modal_pb.js";
import { Output } from "../calls/output.ts";
import { ANSWER_GRACE_MS, MAX_WAIT_MS } from "../calls/outputs.ts";
import { PollPace } from "../calls/pollPace.ts";
import type { InputPlaneRpc } from "../connection/modalRpc.ts";
import { GET_OUTPUTS_RETRIES } from "../connection/retry.ts";
import type { References } from "../payloads/payload.ts";
import { AwaitedOutput, OUTPUT_WAIT_MS } from "./awaitedOutput.ts";
import type { UnaryCall, UnaryRetries } from "./unaryCall.ts";

/** Modal's Python SDK gives up with the eighth. */
const MAX_INTERNAL_FAILURES = 7;

/** What a call on an input plane is made with. */
export interface InputPlaneCallOptions {
  readonly rpc: InputPlaneRpc;
  readonly functionId: string;
  readonly input: FunctionPutInputsItem;
  readonly references: References;
  /** Whether it is a generator, whose items are read first. */
  readonly isGenerator: boolean;
}

/**
 * A call on an input plane. It is known by the token of its latest attempt only: the protocol has no request that cancels an attempt,
 * so what was started runs to its end.
 */
export class InputPlaneCall implements UnaryCall {
  readonly functionCallId = undefined;
  readonly retries: UnaryRetries;
  readonly #options: InputPlaneCallOptions;
  readonly #awaitedOutput: AwaitedOutput;
  #attemptToken: string;

  private constructor(options: InputPlaneCallOptions, response: AttemptStartResponse) {
    this.#options = options;
    this.#attemptToken = response.attemptToken;
    this.#awaitedOutput = new AwaitedOutput(response.awaitedOutput, options.references);
    this.retries = { policy: response.retryPolicy, maxInternalFailures: MAX_INTERNAL_FAILURES };
  }

  /** Begins the first attempt (`AttemptStart`). */
  static async start(options: InputPlaneCallOptions, signal: AbortSignal | undefined): Promise<InputPlaneCall> {
    const { rpc, functionId, input, isGenerator } = options;
    const outputWaitMs = isGenerator ? 0 : OUTPUT_WAIT_MS;
    return new InputPlaneCall(options, await rpc.attemptStart({ functionId, input, outputWaitMs }, { signal }));
  }

  async output(signal: AbortSignal | undefined): Promise<Output> {
    const { rpc, references } = this.#options;
    const awaited = this.#awaitedOutput.take(signal);
    if (awaited) return awaited;
    const options = { signal, timeoutMs: MAX_WAIT_MS + ANSWER_GRACE_MS, retries: GET_OUTPUTS_RETRIES };
    const pace = new PollPace();
    for (;;) {
      const { output } = await pace.ask(
        () => rpc.attemptAwait({ attemptToken: this.#attemptToken, ...heldRequest() }, options),
        (answer) => answer.output === undefined,
        { waitMs: MAX_WAIT_MS, signal },
      );
      if (output) return new Output(output, references);
    }
  }

  async retry(signal: AbortSignal | undefined): Promise<void> {
    const { rpc, functionId, input } = this.#options;
    const { attemptToken } = await rpc.attemptRetry(
      { functionId, input, attemptToken: this.#attemptToken },
      { signal },
    );
    this.#attemptToken = attemptToken;
  }

  /** What a generator yields after the item of this index, which counts from 1; of the latest attempt. */
  items(lastIndex: bigint, signal: AbortSignal): AsyncIterable<readonly DataChunk[]> {
    const request = { callInfo: { case: "attemptToken", value: this.#attemptToken }, lastIndex } as const;
    return this.#options.rpc.functionCallGetDataOut(request, { signal });
  }
}

function heldRequest() {
  return { requestedAt: Date.now() / 1_000, timeoutSecs: MAX_WAIT_MS / 1_000 };
}
