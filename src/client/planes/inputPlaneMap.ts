import { create } from "@bufbuild/protobuf";
import {
  type FunctionPutInputsItem,
  FunctionRetryPolicySchema,
  type MapStartOrContinueResponse,
} from "../../proto/gen/modal_pb.js";
import { Output } from "../calls/output.ts";
import { ANSWER_GRACE_MS, MAX_WAIT_MS } from "../calls/outputs.ts";
import type { InputPlaneRpc } from "../connection/modalRpc.ts";
import { GET_OUTPUTS_RETRIES, PUT_INPUTS_RETRIES } from "../connection/retry.ts";
import type { References } from "../payloads/payload.ts";
import type { AcceptedInput, MapOutputs, MapPlane, MapStart, RetriedInput } from "./mapPlane.ts";

/** What a map on an input plane is made with. */
export interface InputPlaneMapOptions {
  readonly rpc: InputPlaneRpc;
  readonly functionId: string;
  readonly references: References;
}

/** An input as it stands in a request; with a token it is another attempt. */
interface Item {
  readonly input: FunctionPutInputsItem;
  readonly attemptToken?: string;
}

/**
 * A map on an input plane: `MapStartOrContinue`, `MapAwait` and `MapCheckInputs` (`py/modal/parallel_map.py`). Inputs count from 1
 * there, the map is known by a token, and nothing is acknowledged.
 */
export class InputPlaneMap implements MapPlane {
  /** Modal's own limits: retries go one at a time. */
  readonly maxBatchInputs = 49;
  readonly maxBatchRetries = 1;
  readonly beginsWithInputs = true;
  readonly firstCursor = "";
  readonly #options: InputPlaneMapOptions;
  #mapToken = "";

  constructor(options: InputPlaneMapOptions) {
    this.#options = options;
  }

  async start(inputs: FunctionPutInputsItem[], signal: AbortSignal): Promise<MapStart> {
    const answer = await this.#startOrContinue(inputs.map(newItem), signal);
    this.#mapToken = answer.mapToken;
    const { functionCallId, maxInputsOutstanding } = answer;
    const retryPolicy = answer.retryPolicy ?? create(FunctionRetryPolicySchema);
    return { functionCallId, maxInputsOutstanding, retryPolicy, accepted: accepted(inputs, answer) };
  }

  async put(inputs: FunctionPutInputsItem[], signal: AbortSignal): Promise<readonly AcceptedInput[]> {
    return accepted(inputs, await this.#startOrContinue(inputs.map(newItem), signal));
  }

  async retry(inputs: readonly RetriedInput[], signal: AbortSignal): Promise<readonly AcceptedInput[]> {
    const items = inputs.map(({ item, token }) => ({ ...newItem(item), attemptToken: token }));
    const answer = await this.#startOrContinue(items, signal);
    return accepted(
      inputs.map(({ item }) => item),
      answer,
    );
  }

  async outputs(cursor: string, _tokens: readonly string[], signal: AbortSignal): Promise<MapOutputs> {
    const { rpc, references } = this.#options;
    const request = { lastEntryId: cursor, requestedAt: Date.now() / 1_000, timeout: MAX_WAIT_MS / 1_000 };
    const { outputs, lastEntryId } = await rpc.mapAwait(
      { ...request, callInfo: { case: "mapToken", value: this.#mapToken } },
      { signal, timeoutMs: MAX_WAIT_MS + ANSWER_GRACE_MS, retries: GET_OUTPUTS_RETRIES },
    );
    for (const output of outputs) output.idx -= 1;
    return { outputs: outputs.map((output) => new Output(output, references)), cursor: lastEntryId || cursor };
  }

  async checkInputs(cursor: string, tokens: readonly string[], signal: AbortSignal): Promise<readonly boolean[]> {
    const request = { lastEntryId: cursor, timeout: 0, attemptTokens: [...tokens] };
    return (await this.#options.rpc.mapCheckInputs(request, { signal, retries: GET_OUTPUTS_RETRIES })).lost;
  }

  async acknowledge(): Promise<void> {}

  #startOrContinue(items: Item[], signal: AbortSignal): Promise<MapStartOrContinueResponse> {
    const { rpc, functionId } = this.#options;
    const callInfo = { case: "mapToken", value: this.#mapToken } as const;
    return rpc.mapStartOrContinue({ functionId, callInfo, items }, { signal, retries: PUT_INPUTS_RETRIES });
  }
}

function newItem(input: FunctionPutInputsItem): Item {
  return { input: { ...input, idx: input.idx + 1 } };
}

function accepted(
  inputs: readonly FunctionPutInputsItem[],
  { attemptTokens }: MapStartOrContinueResponse,
): AcceptedInput[] {
  return inputs.flatMap(({ idx }, place) => {
    const token = attemptTokens[place];
    return token === undefined ? [] : [{ index: idx, token }];
  });
}
