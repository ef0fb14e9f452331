import { type Timestamp, timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  FunctionCallInputStatus as FetchedStatus,
  type FunctionCallInfo,
  type FunctionCallInputInfo,
} from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import type { FunctionCallInfo as CallCounts } from "./functionCallInfo.ts";

/** How an input stands. Servers without `FunctionCallFetch` tell no running inputs from pending ones, and one kind of failure. */
export type RecentInputStatus =
  | "UNKNOWN"
  | "PENDING"
  | "RUNNING"
  | "SUCCESS"
  | "TERMINATED"
  | "FAILURE"
  | "TIMEOUT"
  | "INIT_FAILURE"
  | "INTERNAL_FAILURE"
  | "IDLE_TIMEOUT"
  | "MEMORY_MANAGER_EVICTION";

/** An input that a function was given not long ago. Times in unix milliseconds. */
export interface RecentInput {
  readonly functionCallId: string;
  readonly status: RecentInputStatus;
  readonly enqueuedAt: number;
  /** Undefined while it waits. */
  readonly startedAt: number | undefined;
  /** How long it ran; undefined before its end. */
  readonly executionMs: number | undefined;
  /** How long its container took to start, where it was the first input there. */
  readonly startupMs: number | undefined;
  /** The container, `ta-…`; empty while there is none. */
  readonly taskId: string;
  /** Empty for a plain function. */
  readonly methodName: string;
}

/** Which of a function's inputs: the last `limit` ones, or those of a span of time in unix milliseconds. */
export interface RecentInputsOptions {
  /** Default: 100. */
  readonly limit?: number;
  readonly since?: number;
  /** Default: now. Needs `since`. */
  readonly until?: number;
  /** Also those of instances of a class, and of functions with options of their own. Default: false. */
  readonly allVariants?: boolean;
}

const DEFAULT_LIMIT = 100;

/** Asks for inputs, newest first (`FunctionCallFetch`). */
export async function fetchRecentInputs(
  rpc: ModalRpc,
  functionId: string,
  { limit = DEFAULT_LIMIT, since, until = Date.now(), allVariants = false }: RecentInputsOptions,
): Promise<RecentInput[]> {
  const window =
    since === undefined
      ? { tail: { count: limit } }
      : { range: { since: timestampFromMs(since), until: timestampFromMs(until), limit } };
  const { functionCallInputs } = await rpc.functionCallFetch({ functionId, allVariants, ...window });
  return functionCallInputs.map(recentInput).sort(newestFirst);
}

/** The same from the list of a function's calls, as far as that tells: for servers without `FunctionCallFetch`. */
export async function listRecentInputs(
  rpc: ModalRpc,
  functionId: string,
  { limit = DEFAULT_LIMIT, since = 0, until = Date.now() }: RecentInputsOptions,
): Promise<RecentInput[]> {
  const { functionCalls } = await rpc.functionCallList({ functionId });
  const recent = functionCalls.filter(({ createdAt }) => createdAt * 1_000 >= since && createdAt * 1_000 < until);
  const infos = await Promise.all(recent.map((call) => withInputs(rpc, functionId, call)));
  return infos.flatMap(inputsOf).sort(newestFirst).slice(0, limit);
}

/** How many inputs of each call stand where, newest call first. Of a call whose inputs are not all among them, only those that are. */
export function countedByCall(inputs: readonly RecentInput[]): CallCounts[] {
  const calls = new Map<string, RecentInput[]>();
  for (const input of inputs) calls.set(input.functionCallId, [...(calls.get(input.functionCallId) ?? []), input]);
  return [...calls].map(([functionCallId, members]) => {
    const count = (...statuses: RecentInputStatus[]) =>
      members.filter(({ status }) => statuses.includes(status)).length;
    const counts = {
      pendingInputs: count("UNKNOWN", "PENDING", "RUNNING"),
      succeededInputs: count("SUCCESS"),
      timedOutInputs: count("TIMEOUT"),
      cancelledInputs: count("TERMINATED"),
    };
    const others = Object.values(counts).reduce((total, number) => total + number, 0);
    const createdAt = Math.min(...members.map(({ enqueuedAt }) => enqueuedAt));
    return { functionCallId, createdAt, totalInputs: members.length, failedInputs: members.length - others, ...counts };
  });
}

function recentInput(info: FunctionCallInputInfo): RecentInput {
  return {
    functionCallId: info.functionCallId,
    status: statusName(info.status),
    enqueuedAt: ms(info.enqueuedAt) ?? 0,
    startedAt: ms(info.startedAt),
    executionMs: span(info.executionTimeSeconds),
    startupMs: span(info.startupTimeSeconds),
    taskId: info.containerId ?? "",
    methodName: info.serviceMethodName ?? "",
  };
}

function statusName(status: FetchedStatus): RecentInputStatus {
  const name = FetchedStatus[status] as keyof typeof FetchedStatus | undefined;
  return name === undefined || name === "UNSPECIFIED" ? "UNKNOWN" : name;
}

/** A list may leave out the inputs themselves. */
async function withInputs(rpc: ModalRpc, functionId: string, call: FunctionCallInfo): Promise<FunctionCallInfo> {
  if (categories(call).every(([, category]) => !category?.total || category.latest.length > 0)) return call;
  const { info } = await rpc.functionCallGetInfo({ functionId, functionCallId: call.functionCallId });
  return info ?? call;
}

function categories(call: FunctionCallInfo) {
  return [
    ["PENDING", call.pendingInputs],
    ["SUCCESS", call.succeededInputs],
    ["FAILURE", call.failedInputs],
    ["TIMEOUT", call.timeoutInputs],
    ["TERMINATED", call.cancelledInputs],
  ] as const;
}

function inputsOf(call: FunctionCallInfo): RecentInput[] {
  return categories(call).flatMap(([status, category]) =>
    (category?.latest ?? []).map(({ taskId, startedAt, finishedAt, taskStartupTime, taskFirstInput }) => ({
      functionCallId: call.functionCallId,
      status,
      enqueuedAt: call.createdAt * 1_000,
      startedAt: startedAt > 0 ? startedAt * 1_000 : undefined,
      executionMs: startedAt > 0 && finishedAt > 0 ? (finishedAt - startedAt) * 1_000 : undefined,
      startupMs: taskFirstInput ? taskStartupTime * 1_000 : undefined,
      taskId,
      methodName: "",
    })),
  );
}

function newestFirst(a: RecentInput, b: RecentInput): number {
  return b.enqueuedAt - a.enqueuedAt;
}

function ms(timestamp: Timestamp | undefined): number | undefined {
  return timestamp && timestampMs(timestamp);
}

function span(seconds: number | undefined): number | undefined {
  return seconds === undefined ? undefined : seconds * 1_000;
}
