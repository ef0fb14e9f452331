import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  type AttemptStartRequest,
  FunctionCallType as CallType,
  type FunctionPutInputsItem,
  type FunctionRetryPolicySchema,
  FunctionCallInvocationType as Invocation,
  type MapStartOrContinueItem,
  type MapStartOrContinueRequest,
  GenericResult_GenericStatus as Status,
} from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { RpcContext } from "../../../proto/grpc/rpcServer.ts";
import { calledBy } from "../../deploy/classes.ts";
import type { FunctionDefinition } from "../../deploy/definition.ts";
import { indexOf, inputKey, inputKeyFromId } from "../../ids.ts";
import type { NewInput } from "../../scheduler/newCall.ts";
import type { CallRecord, StoredOutput } from "../../store/callStore.ts";
import type { House, ModalHandlers } from "../house.ts";
import { attemptNamed, attemptToken } from "./attemptTokens.ts";
import { cursorFrom, MAX_INPUTS_OUTSTANDING, newInput, OUTPUT_LIMITS, outputItem } from "./functionCalls.ts";
import { type ToWire, wireDataFor } from "./wireData.ts";

type Names = "attemptStart" | "attemptAwait" | "attemptRetry" | "mapStartOrContinue" | "mapAwait" | "mapCheckInputs";

/**
 * The handlers of the input plane: other words for the same function calls (`_InputPlaneInvocation` of `py/modal/_functions.py`).
 * There the client tries inputs again, by the policy that it is given here; so the engine does not. Only generators stay with the
 * engine, which knows whether somebody has read them and they cannot run again. The token of a map is the id of its function call.
 */
export function inputPlaneHandlers(house: House): ModalHandlers<Names> {
  const { scheduler, deployments, payloads } = house;
  return {
    attemptStart: (request, context) => attemptStart(house, request, context),

    attemptAwait: async ({ attemptToken: token, timeoutSecs }, context) => {
      const { call, input } = attemptNamed(house, token);
      const wanted = { start: indexOf(input), end: indexOf(input), limits: OUTPUT_LIMITS };
      const { outputs } = await scheduler.outputs(call.functionCallId, wanted, timeoutSecs * 1_000, context.signal);
      const [output] = outputs;
      return output ? { output: finalItem(output, wireDataFor(context, payloads)) } : {};
    },

    attemptRetry: async ({ attemptToken: token }) => {
      const { call, input, retryCount: after } = attemptNamed(house, token);
      const retryCount = after + 1;
      await scheduler.retry(call, [{ input, after, retryCount }]);
      return { attemptToken: attemptToken({ input, retryCount }) };
    },

    mapStartOrContinue: async (request, context) => {
      const { functionId, items } = request;
      const { definition } = deployments.launchOf(functionId);
      const call = await startOrContinue(house, request, context);
      return {
        functionId,
        functionCallId: call.functionCallId,
        mapToken: call.functionCallId,
        maxInputsOutstanding: MAX_INPUTS_OUTSTANDING,
        attemptTokens: await furtherAttempts(house, call, items),
        ...retryPolicy(definition),
      };
    },

    mapAwait: async ({ callInfo, lastEntryId, timeout }, context) => {
      const after = cursorFrom(lastEntryId);
      const wanted = { after, limits: OUTPUT_LIMITS };
      const { outputs } = await scheduler.outputs(callInfo.value ?? "", wanted, timeout * 1_000, context.signal);
      const toWire = wireDataFor(context, payloads);
      return {
        outputs: outputs.map((output) => finalItem(output, toWire)),
        lastEntryId: String(outputs.at(-1)?.entry ?? after),
      };
    },

    // What was accepted is stored, and taken up again whatever dies; so nothing is ever lost.
    mapCheckInputs: ({ attemptTokens }) => ({ lost: attemptTokens.map(() => false) }),
  };
}

async function attemptStart(house: House, request: AttemptStartRequest, context: RpcContext) {
  const { functionId, parentInputId, outputWaitMs } = request;
  const input = await firstInput(house, request);
  const { definition } = house.deployments.launchOf(functionId);
  const isGenerator = calledBy(definition, input.methodName).is_generator;
  const call = await house.scheduler.startCall({
    functionId,
    callType: CallType.UNARY,
    invocationType: isGenerator ? Invocation.SYNC_LEGACY : Invocation.SYNC,
    parentInput: inputKeyFromId(parentInputId),
    retriedByClient: !isGenerator,
    idempotencyKey: context.metadata("x-idempotency-key"),
    inputs: [input],
    closed: true,
  });
  return {
    attemptToken: attemptToken({ input: inputKey(call.number, input.index), retryCount: 0 }),
    ...(!isGenerator && retryPolicy(definition)),
    ...(outputWaitMs > 0 && (await awaitedOutput(house, call, outputWaitMs, context))),
  };
}

/** What a caller who waits would ask for next, as for calls on the control plane. */
async function awaitedOutput({ scheduler, payloads }: House, call: CallRecord, waitMs: number, context: RpcContext) {
  const output = await scheduler.firstOutput(call, waitMs, context.signal);
  return output && { awaitedOutput: finalItem(output, wireDataFor(context, payloads)) };
}

async function startOrContinue(
  house: House,
  request: MapStartOrContinueRequest,
  context: RpcContext,
): Promise<CallRecord> {
  const { scheduler } = house;
  const { functionId, parentInputId, callInfo, items } = request;
  const inputs = await Promise.all(items.filter((item) => !item.attemptToken).map((item) => firstInput(house, item)));
  if (callInfo.value && inputs.length === 0) return scheduler.record(callInfo.value);
  if (callInfo.value) return scheduler.putInputs(callInfo.value, inputs);
  return scheduler.startCall({
    functionId,
    callType: CallType.MAP,
    invocationType: Invocation.SYNC,
    parentInput: inputKeyFromId(parentInputId),
    retriedByClient: true,
    idempotencyKey: context.metadata("x-idempotency-key"),
    inputs,
    closed: false,
  });
}

function firstInput(
  { payloads }: House,
  { input }: { readonly input?: FunctionPutInputsItem | undefined },
): Promise<NewInput> {
  if (input) return newInput(payloads, input);
  throw new RpcError(RpcStatus.INVALID_ARGUMENT, "The request has no input where one is needed.");
}

/** Begins the further attempts among the items of a map; the token of each item's latest attempt is returned. */
async function furtherAttempts(
  house: House,
  call: CallRecord,
  items: readonly MapStartOrContinueItem[],
): Promise<string[]> {
  const latest = items.map(({ input, attemptToken: token }) => {
    if (!token) return { input: inputKey(call.number, input?.idx ?? 0), after: 0, retryCount: 0 };
    const { input: key, retryCount: after } = attemptNamed(house, token);
    return { input: key, after, retryCount: after + 1 };
  });
  const retries = latest.filter(({ retryCount }) => retryCount > 0);
  if (retries.length > 0) await house.scheduler.retry(call, retries);
  return latest.map(attemptToken);
}

/** When containers keep dying under an input the engine has tried it often enough; INTERNAL_FAILURE would ask clients for more. */
function finalItem(output: StoredOutput, toWire: ToWire) {
  const status = output.status === Status.INTERNAL_FAILURE ? Status.FAILURE : output.status;
  return outputItem({ ...output, status }, toWire);
}

function retryPolicy({ options }: FunctionDefinition): {
  retryPolicy?: MessageInitShape<typeof FunctionRetryPolicySchema>;
} {
  const { retries } = options;
  if (!retries) return {};
  return {
    retryPolicy: {
      retries: retries.max_retries,
      backoffCoefficient: retries.backoff_coefficient,
      initialDelayMs: Math.round(retries.initial_delay_s * 1_000),
      maxDelayMs: Math.round(retries.max_delay_s * 1_000),
    },
  };
}
