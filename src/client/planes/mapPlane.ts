import type { FunctionPutInputsItem, FunctionRetryPolicy } from "../../proto/gen/modal_pb.js";
import type { Output } from "../calls/output.ts";

/** An input that the server has taken. */
export interface AcceptedInput {
  /** Position in the map, from 0. */
  readonly index: number;
  /** Stands for the latest attempt at the input when it is asked about or tried again. */
  readonly token: string;
}

/** An input that is tried again. */
export interface RetriedInput {
  readonly item: FunctionPutInputsItem;
  /** Of the attempt that failed. */
  readonly token: string;
  /** Which retry of the input this is, from 1. */
  readonly retryCount: number;
}

/** What a server says when a map begins. */
export interface MapStart {
  /** `fc-…`; an input plane may leave it empty. */
  readonly functionCallId: string;
  /** How many inputs may be under way; 0 when the server does not say. */
  readonly maxInputsOutstanding: number;
  /** The function's own policy, when the client is to follow it; undefined when the server does, and the client retries nothing. */
  readonly retryPolicy: FunctionRetryPolicy | undefined;
  /** Those of the first inputs that were taken. */
  readonly accepted: readonly AcceptedInput[];
}

/** Outputs of one request. */
export interface MapOutputs {
  readonly outputs: readonly Output[];
  /** Where to go on in the log of outputs. */
  readonly cursor: string;
}

/** How a map goes over the wire, on one of Modal's two planes. */
export interface MapPlane {
  readonly maxBatchInputs: number;
  /** How many inputs one request for retries takes. */
  readonly maxBatchRetries: number;
  /** Whether a map can only begin with an input. */
  readonly beginsWithInputs: boolean;
  readonly firstCursor: string;
  /** Makes the call. Inputs that came with it and were not taken have to be put. */
  start(inputs: FunctionPutInputsItem[], signal: AbortSignal): Promise<MapStart>;
  put(inputs: FunctionPutInputsItem[], signal: AbortSignal): Promise<readonly AcceptedInput[]>;
  retry(inputs: readonly RetriedInput[], signal: AbortSignal): Promise<readonly AcceptedInput[]>;
  /**
   * Waits for outputs; empty when the wait is over.
   *
   * @param tokens of the inputs that have none yet
   */
  outputs(cursor: string, tokens: readonly string[], signal: AbortSignal): Promise<MapOutputs>;
  /** Which attempts the server has lost, in the order of the tokens. Absent where it finds that out by itself. */
  checkInputs?(cursor: string, tokens: readonly string[], signal: AbortSignal): Promise<readonly boolean[]>;
  /** Tells that nobody will ask for these outputs again. Never rejects. */
  acknowledge(): Promise<void>;
}
