import type { FunctionGetOutputsResponse } from "../../proto/gen/modal_pb.js";
import type { RequestOptions, ServerRpc } from "../connection/modalRpc.ts";
import { GET_OUTPUTS_RETRIES, type RetryPolicy } from "../connection/retry.ts";
import type { References } from "../payloads/payload.ts";
import { Output } from "./output.ts";
import { PollPace } from "./pollPace.ts";

/** Where the log of a call's outputs begins. */
export const FIRST_CURSOR = "0-0";

/** The longest that one request waits for outputs; Modal's servers hold it no longer. */
export const MAX_WAIT_MS = 55_000;

/** How much later than the wait a server's answer may come, before the attempt counts as lost. */
export const ANSWER_GRACE_MS = 5_000;

/** Some outputs of a call, in the order in which they were made. */
export interface OutputBatch {
  readonly outputs: readonly Output[];
  /** Where to go on: everything up to here was in this batch or in one before. */
  readonly cursor: string;
  /** Inputs that the server holds and that have no output yet. */
  readonly numUnfinishedInputs: number;
}

/** What to ask for. */
export interface OutputQuery {
  readonly functionCallId: string;
  /** Only outputs after this place in the log. Default: from the beginning. */
  readonly cursor?: string | undefined;
  /** Only the output of this input. */
  readonly index?: number | undefined;
  /** With `index`: those of all inputs from there to here, inclusive. */
  readonly endIndex?: number | undefined;
  /** How long the server waits for the first output, in milliseconds; 0 answers at once. */
  readonly waitMs: number;
  /** Lets the server forget all outputs of the call soon after. Default: false, so that they can be read again. */
  readonly clearOnSuccess?: boolean;
  /** At most so many outputs. Default: as many as fit into an answer. */
  readonly maxOutputs?: number;
  /** The inputs that are waited for, for servers that look out for lost ones. */
  readonly inputJwts?: readonly string[] | undefined;
  /** How to get at what results refer to. Not needed where nobody reads the values. */
  readonly references?: References;
  readonly signal?: AbortSignal | undefined;
  readonly retries?: RetryPolicy;
}

/** Asks once for outputs (`FunctionGetOutputs`). May come back empty when the wait is over. */
export async function requestOutputs(rpc: ServerRpc, query: OutputQuery): Promise<OutputBatch> {
  const { cursor = FIRST_CURSOR, index, endIndex = index } = query;
  const options: RequestOptions = {
    signal: query.signal,
    timeoutMs: query.waitMs + ANSWER_GRACE_MS,
    retries: query.retries,
  };
  const response: FunctionGetOutputsResponse = await rpc.functionGetOutputs(
    {
      functionCallId: query.functionCallId,
      maxValues: query.maxOutputs ?? 0,
      timeout: query.waitMs / 1_000,
      lastEntryId: cursor,
      clearOnSuccess: query.clearOnSuccess ?? false,
      requestedAt: Date.now() / 1_000,
      inputJwts: [...(query.inputJwts ?? [])],
      ...(index !== undefined && { startIdx: index, endIdx: endIndex }),
    },
    options,
  );
  return {
    outputs: response.outputs.map((item) => new Output(item, query.references)),
    cursor: response.lastEntryId || cursor,
    numUnfinishedInputs: response.numUnfinishedInputs,
  };
}

/** Like {@link requestOutputs}, for one request after another. */
function pollOutputs(rpc: ServerRpc, query: OutputQuery, pace: PollPace): Promise<OutputBatch> {
  return pace.ask(
    () => requestOutputs(rpc, query),
    ({ outputs }) => outputs.length === 0,
    query,
  );
}

/**
 * Asks until an answer has outputs, nothing is unfinished, or the time is up, and returns the last answer. At least one request
 * is made, even when there is no time.
 *
 * @param timeoutMs how long to wait in all; undefined for as long as it takes
 */
export async function awaitOutputs(
  rpc: ServerRpc,
  query: Omit<OutputQuery, "waitMs">,
  timeoutMs: number | undefined,
): Promise<OutputBatch> {
  const endsAt = performance.now() + (timeoutMs ?? Infinity);
  // Who waits for as long as it takes also waits for a server that restarts.
  const patience = timeoutMs === undefined ? { retries: GET_OUTPUTS_RETRIES } : {};
  const pace = new PollPace();
  for (;;) {
    const waitMs = Math.min(MAX_WAIT_MS, Math.max(0, endsAt - performance.now()));
    const batch = await pollOutputs(rpc, { ...patience, ...query, waitMs }, pace);
    if (batch.outputs.length > 0 || batch.numUnfinishedInputs === 0 || performance.now() >= endsAt) return batch;
  }
}

/**
 * Follows a call's log of outputs to its end: a batch for every answer that brings outputs or another number of unfinished
 * inputs. Ends when nothing is unfinished and the log was read to its end.
 */
export async function* watchOutputs(
  rpc: ServerRpc,
  query: Omit<OutputQuery, "waitMs" | "index">,
  maxWaitMs: number,
): AsyncGenerator<OutputBatch, void, undefined> {
  const pace = new PollPace();
  let { cursor = FIRST_CURSOR } = query;
  let unfinished: number | undefined;
  for (;;) {
    // Once nothing is unfinished, only what the last answer had no room for is left to read.
    const waitMs = unfinished === 0 ? 0 : maxWaitMs;
    const batch = await pollOutputs(rpc, { ...query, cursor, waitMs }, pace);
    const isEmpty = batch.outputs.length === 0;
    if (!isEmpty || batch.numUnfinishedInputs !== unfinished) yield batch;
    if (isEmpty && batch.numUnfinishedInputs === 0) return;
    ({ cursor } = batch);
    unfinished = batch.numUnfinishedInputs;
  }
}
