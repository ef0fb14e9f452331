import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Timestamp, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  type FunctionCallFetchRequest,
  type FunctionCallInputInfoSchema,
  type InputCategoryInfoSchema,
  FunctionCallInputStatus as InputStatus,
  GenericResult_GenericStatus as Status,
} from "../../../proto/gen/modal_pb.js";
import { callNumberOf, indexOf, inputIdOf } from "../../ids.ts";
import type { InputReport } from "../../store/callReports.ts";
import type { CallRecord } from "../../store/callStore.ts";
import { variantIds } from "../functions/variants.ts";
import type { House, ModalHandlers } from "../house.ts";

const MAX_LISTED_CALLS = 100;
/** Inputs that are named for each status of a call. */
const MAX_LATEST = 10;
/** Inputs of a call that are named because they run. */
const MAX_RUNNING = 1_000;
const DEFAULT_FETCHED = 100;
const MAX_FETCHED = 10_000;

type Names = "functionCallGetInfo" | "functionCallList" | "functionCallFetch";

/** The handlers that sum up calls. */
export function callReportHandlers(house: House): ModalHandlers<Names> {
  const { store, scheduler } = house;
  return {
    functionCallGetInfo: ({ functionCallId }) => ({ info: callInfo(scheduler.record(functionCallId), MAX_LATEST) }),

    functionCallList: ({ functionId }) => ({
      functionCalls: store.calls.ofFunction(functionId, MAX_LISTED_CALLS).map((call) => callInfo(call, 0)),
    }),

    functionCallFetch: (request) => ({ functionCallInputs: fetchedInputs(house, request) }),
  };

  /** @param maxLatest how many inputs to name of each status */
  function callInfo(call: CallRecord, maxLatest: number) {
    const { inputs, byStatus } = store.calls.progress(call.number);
    const latest = (statuses: readonly Status[]) => {
      const running = statuses.includes(Status.UNSPECIFIED) ? runningInputs(call) : [];
      return running.length > 0 ? running : store.reports.latest(call.number, call.createdAt, statuses, maxLatest);
    };
    const category = (...statuses: Status[]): MessageInitShape<typeof InputCategoryInfoSchema> => {
      const total = statuses.reduce((sum, status) => sum + (byStatus.get(status) ?? 0), 0);
      const named = total > 0 && maxLatest > 0 ? latest(statuses) : [];
      return {
        total,
        latest: named.map(({ key, taskId, startedAt, finishedAt }) => ({
          inputId: inputIdOf(key),
          idx: indexOf(key),
          taskId,
          startedAt,
          finishedAt,
        })),
      };
    };
    return {
      functionCallId: call.functionCallId,
      createdAt: call.createdAt,
      scheduledAt: call.createdAt,
      pendingInputs: category(Status.UNSPECIFIED),
      succeededInputs: category(Status.SUCCESS),
      failedInputs: category(Status.FAILURE, Status.INIT_FAILURE, Status.INTERNAL_FAILURE),
      timeoutInputs: category(Status.TIMEOUT),
      cancelledInputs: category(Status.TERMINATED),
      totalInputs: inputs,
    };
  }

  function runningInputs({ functionId, number }: CallRecord) {
    return [...scheduler.runningInputs(functionId)]
      .filter(([key]) => callNumberOf(key) === number)
      .slice(0, MAX_RUNNING)
      .map(([key, place]) => ({ key, ...place, finishedAt: 0 }));
  }
}

const STATUSES: Readonly<Record<Status, InputStatus>> = {
  [Status.UNSPECIFIED]: InputStatus.PENDING,
  [Status.SUCCESS]: InputStatus.SUCCESS,
  [Status.FAILURE]: InputStatus.FAILURE,
  [Status.TERMINATED]: InputStatus.TERMINATED,
  [Status.TIMEOUT]: InputStatus.TIMEOUT,
  [Status.INIT_FAILURE]: InputStatus.INIT_FAILURE,
  [Status.INTERNAL_FAILURE]: InputStatus.INTERNAL_FAILURE,
  [Status.IDLE_TIMEOUT]: InputStatus.IDLE_TIMEOUT,
  [Status.MEMORY_MANAGER_EVICTION]: InputStatus.MEMORY_MANAGER_EVICTION,
};

/** The newest inputs of a function, or those of a span of time, with where the running ones are. */
function fetchedInputs(
  house: House,
  { functionId, tail, range, allVariants }: FunctionCallFetchRequest,
): MessageInitShape<typeof FunctionCallInputInfoSchema>[] {
  const { store, scheduler } = house;
  const limit = Math.min((range?.limit ?? tail?.count) || DEFAULT_FETCHED, MAX_FETCHED);
  const wanted = { limit, since: seconds(range?.since), until: seconds(range?.until) };
  const inputs = variantIds(house, functionId, allVariants).flatMap((id) => {
    const running = scheduler.runningInputs(id);
    return store.reports.ofFunction(id, wanted).map((input) => ({ ...input, running: running.get(input.key) }));
  });
  inputs.sort((a, b) => b.key - a.key);
  return inputs.slice(0, limit).map(({ functionCallId, running, ...input }) => {
    const now = input.status === Status.UNSPECIFIED ? running : undefined;
    return { ...fetchedInput({ ...input, ...now }, now !== undefined), functionCallId };
  });
}

function fetchedInput(
  { status, methodName, enqueuedAt, taskId, startedAt, finishedAt }: InputReport,
  isRunning: boolean,
): MessageInitShape<typeof FunctionCallInputInfoSchema> {
  return {
    status: isRunning ? InputStatus.RUNNING : STATUSES[status as Status],
    enqueuedAt: timestampFromMs(Math.round(enqueuedAt * 1_000)),
    ...(startedAt > 0 && { startedAt: timestampFromMs(Math.round(startedAt * 1_000)) }),
    ...(finishedAt > 0 && { executionTimeSeconds: finishedAt - startedAt }),
    ...(taskId && { containerId: taskId }),
    ...(methodName !== undefined && { serviceMethodName: methodName }),
  };
}

function seconds(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && timestampMs(timestamp) / 1_000;
}
