import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  FunctionCallType as CallType,
  type FunctionGetOutputsItemSchema,
  type FunctionGetOutputsRequest,
  type FunctionInput,
  type FunctionMapRequest,
  type FunctionPutInputsItem,
  GenericResult_GenericStatus as Status,
} from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { RpcContext } from "../../../proto/grpc/rpcServer.ts";
import { indexOf, inputIdOf, inputKey, inputKeyFromId } from "../../ids.ts";
import type { Payload } from "../../payloads/payload.ts";
import { type PayloadFiles, PayloadLostError } from "../../payloads/payloadFiles.ts";
import { isWaitedFor, type NewInput } from "../../scheduler/newCall.ts";
import type { OutputsWanted } from "../../scheduler/outputLog.ts";
import type { CallRecord, ReadLimits, StoredOutput } from "../../store/callStore.ts";
import type { House, ModalHandlers } from "../house.ts";
import { inputJwt } from "./inputJwt.ts";
import { type ToWire, wireDataFor } from "./wireData.ts";

/** Inputs of a map that a caller may have on the way. Modal's own number is half of it; more make larger batches, which cost client
 * and engine a sixth less time for each input. */
export const MAX_INPUTS_OUTSTANDING = 2_000;
/** One answer's worth of outputs. */
export const OUTPUT_LIMITS: ReadLimits = { maxOutputs: 1_000, maxBytes: 8 * 1024 * 1024 };

type Names =
  | "functionMap"
  | "functionPutInputs"
  | "functionFinishInputs"
  | "functionGetOutputs"
  | "functionCallCancel"
  | "functionCallFromId";

/** The handlers of function calls. */
export function functionCallHandlers(house: House): ModalHandlers<Names> {
  const { store, scheduler, payloads } = house;
  return {
    functionMap: (request, context) => startCall(house, request, context),

    functionPutInputs: async ({ functionCallId, inputs }) => {
      const call = await scheduler.putInputs(functionCallId, await newInputs(payloads, inputs));
      if (call.callType === CallType.UNARY) await scheduler.closeCall(functionCallId);
      return { inputs: inputs.map(({ idx }) => acceptedInput(call, idx)) };
    },

    functionFinishInputs: async ({ functionCallId }) => {
      await scheduler.closeCall(functionCallId);
      return {};
    },

    functionGetOutputs: async (request, context) => {
      const { functionCallId } = request;
      const { outputs, unfinished } = await awaitedOutputs(house, request, context);
      if (request.clearOnSuccess && request.timeout === 0) await acknowledged(house, functionCallId);
      const last = outputs.at(-1)?.entry ?? cursorFrom(request.lastEntryId);
      const toWire = wireDataFor(context, payloads);
      return {
        outputs: outputs.map((output) => outputItem(output, toWire)),
        lastEntryId: String(last),
        numUnfinishedInputs: unfinished,
      };
    },

    functionCallCancel: async ({ functionCallId, terminateContainers }) => {
      await scheduler.cancel(scheduler.record(functionCallId), terminateContainers);
      return {};
    },

    functionCallFromId: ({ functionCallId }) => {
      const call = scheduler.record(functionCallId);
      const appId = store.apps.function(call.functionId)?.appId ?? "";
      const numInputs = store.calls.progress(call.number).inputs;
      return { functionCallId, numInputs, metadata: { appId, functionId: call.functionId } };
    },
  };
}

async function startCall(house: House, request: FunctionMapRequest, context: RpcContext) {
  const inputs = await newInputs(house.payloads, request.pipelinedInputs);
  const unary = request.functionCallType === CallType.UNARY;
  const call = await house.scheduler.startCall({
    functionId: request.functionId,
    callType: request.functionCallType,
    invocationType: request.functionCallInvocationType,
    parentInput: request.parentInputId ? inputKeyFromId(request.parentInputId) : undefined,
    idempotencyKey: context.metadata("x-idempotency-key"),
    inputs,
    closed: unary && inputs.length > 0,
  });
  return {
    functionCallId: call.functionCallId,
    pipelinedInputs: inputs.map(({ index }) => acceptedInput(call, index)),
    functionCallJwt: call.functionCallId,
    // The retry policy runs here, next to the container; clients that retried too would do it twice.
    syncClientRetriesEnabled: false,
    maxInputsOutstanding: MAX_INPUTS_OUTSTANDING,
    ...(unary && request.outputWaitMs > 0 && (await awaitedOutput(house, call, request.outputWaitMs, context))),
  };
}

/** What a caller who waits would ask for next: a request less, where the output comes soon. */
async function awaitedOutput({ scheduler, payloads }: House, call: CallRecord, waitMs: number, context: RpcContext) {
  const output = await scheduler.firstOutput(call, waitMs, context.signal);
  return output && { awaitedOutput: outputItem(output, wireDataFor(context, payloads)) };
}

function awaitedOutputs({ scheduler }: House, request: FunctionGetOutputsRequest, { signal }: RpcContext) {
  const { maxOutputs } = OUTPUT_LIMITS;
  const limits = { ...OUTPUT_LIMITS, maxOutputs: Math.min(request.maxValues || maxOutputs, maxOutputs) };
  const { startIdx } = request;
  if (startIdx !== undefined && startIdx < 0) {
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, `There is no output ${startIdx}; indexes start at 0.`);
  }
  const wanted: OutputsWanted =
    startIdx === undefined
      ? { after: cursorFrom(request.lastEntryId), limits }
      : { start: startIdx, end: request.endIdx ?? startIdx, limits };
  return scheduler.outputs(request.functionCallId, wanted, request.timeout * 1_000, signal);
}

/** The last request of a map that waits for its results: nothing more will come. */
async function acknowledged({ scheduler }: House, functionCallId: string): Promise<void> {
  const call = scheduler.record(functionCallId);
  if (call.callType === CallType.MAP && isWaitedFor(call) && !call.closed) await scheduler.closeCall(functionCallId);
}

/** What is large is in its file before anything names it. */
function newInputs(payloads: PayloadFiles, items: readonly FunctionPutInputsItem[]): Promise<NewInput[]> {
  return Promise.all(items.map((item) => newInput(payloads, item)));
}

export async function newInput(payloads: PayloadFiles, { idx, input }: FunctionPutInputsItem): Promise<NewInput> {
  const { dataFormat = 0, methodName, argsOneof } = input ?? {};
  return { index: idx, dataFormat, methodName, args: await newPayload(payloads, argsOneof) };
}

async function newPayload(payloads: PayloadFiles, args: FunctionInput["argsOneof"] | undefined): Promise<Payload> {
  if (args?.case !== "argsBlobId") return payloads.keep(args?.value ?? new Uint8Array());
  const payload = await payloads.take(args.value);
  if (payload) return payload;
  throw new RpcError(RpcStatus.NOT_FOUND, `There is no blob ${args.value}; upload the arguments again.`);
}

function acceptedInput(call: CallRecord, index: number) {
  return { idx: index, inputId: inputIdOf(inputKey(call.number, index)), inputJwt: inputJwt(index, 0) };
}

export function outputItem(
  output: StoredOutput,
  toWire: ToWire,
): MessageInitShape<typeof FunctionGetOutputsItemSchema> {
  return {
    idx: indexOf(output.input),
    inputId: inputIdOf(output.input),
    taskId: output.taskId,
    dataFormat: output.dataFormat,
    inputStartedAt: output.startedAt,
    outputCreatedAt: output.createdAt,
    retryCount: output.retryCount,
    result: outputResult(output, toWire),
  };
}

/** A value that the disk has lost is a failure of the engine, so that whoever reads the call's log gets past it. */
function outputResult({ status, exception, traceback, data }: StoredOutput, toWire: ToWire) {
  try {
    return { status, exception, traceback, dataOneof: toWire(data) };
  } catch (error) {
    if (!(error instanceof PayloadLostError)) throw error;
    return { status: Status.INTERNAL_FAILURE, exception: error.message };
  }
}

/** A cursor is the number of an entry; "" and "0-0" stand for the start. */
export function cursorFrom(lastEntryId: string): number {
  const entry = Number.parseInt(lastEntryId, 10);
  return Number.isSafeInteger(entry) && entry > 0 ? entry : 0;
}
