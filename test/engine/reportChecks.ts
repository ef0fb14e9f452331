import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { inputIdOf, inputKey } from "../../src/engine/ids.ts";
import { callGraph } from "../../src/engine/service/calls/callGraph.ts";
import { callReportHandlers } from "../../src/engine/service/calls/callReports.ts";
import type { House } from "../../src/engine/service/house.ts";
import { taskHandlers } from "../../src/engine/service/tasks.ts";
import {
  FunctionCallFetchRequestSchema,
  FunctionCallGetInfoRequestSchema,
  FunctionCallListRequestSchema,
  FunctionCallInputStatus as InputStatus,
  GenericResult_GenericStatus as Status,
  TaskListRequestSchema,
} from "../../src/proto/gen/modal_pb.js";
import type { RpcContext } from "../../src/proto/grpc/rpcServer.ts";
import type { KnownCall, SchedulerSimulation } from "./schedulerSimulation.ts";

const NOBODY: RpcContext = { signal: new AbortController().signal, metadata: () => undefined };
const MOST_LISTED = 100;

/** Holds what callers are told of calls, functions and containers against what a simulation knows. */
export async function checkReports(simulation: SchedulerSimulation): Promise<void> {
  const { store, scheduler, appId, functionId } = simulation.harness;
  // Of a house, these handlers use no more.
  const house = { store, scheduler } as House;
  const statuses = new Map<number, Status>();
  for (const { record } of simulation.calls) {
    for (const { input, status } of await simulation.harness.outputs(record.functionCallId))
      statuses.set(input, status);
  }
  for (const call of simulation.calls) await checkInfo(house, call, statuses);
  const childIds = new Set(simulation.calls.flatMap(({ children }) => children));
  for (const root of simulation.calls) if (!childIds.has(root)) checkGraph(house, root, statuses);
  for (const name of ["f", "g"]) await checkFunction(simulation, house, functionId(name), statuses);
  const { tasks = [] } = await taskHandlers(house).taskList(create(TaskListRequestSchema, { appId }), NOBODY);
  const containers = ["f", "g"].flatMap((name) => simulation.containersOf(functionId(name)));
  assert.deepEqual(
    tasks.map(({ taskId }) => taskId).sort(),
    containers
      .filter((worker) => !simulation.outlived.has(worker))
      .map(({ launch }) => launch.taskId)
      .sort(),
  );
}

function keysOf({ record, inputs }: KnownCall): number[] {
  return Array.from({ length: inputs }, (_, index) => inputKey(record.number, index));
}

async function checkInfo(house: House, call: KnownCall, statuses: ReadonlyMap<number, Status>): Promise<void> {
  const { functionCallId } = call.record;
  const request = create(FunctionCallGetInfoRequestSchema, { functionCallId });
  const { info } = await callReportHandlers(house).functionCallGetInfo(request, NOBODY);
  const count = (...wanted: (Status | undefined)[]) =>
    keysOf(call).filter((key) => wanted.includes(statuses.get(key))).length;
  assert.deepEqual(
    {
      all: info?.totalInputs,
      pending: info?.pendingInputs?.total,
      succeeded: info?.succeededInputs?.total,
      failed: info?.failedInputs?.total,
      timedOut: info?.timeoutInputs?.total,
      cancelled: info?.cancelledInputs?.total,
    },
    {
      all: call.inputs,
      pending: count(undefined),
      succeeded: count(Status.SUCCESS),
      failed: count(Status.FAILURE, Status.INIT_FAILURE, Status.INTERNAL_FAILURE),
      timedOut: count(Status.TIMEOUT),
      cancelled: count(Status.TERMINATED),
    },
  );
}

/** The graph of a call has the calls below it, each under the input that made it, and every input as it stands. */
function checkGraph(house: House, root: KnownCall, statuses: ReadonlyMap<number, Status>): void {
  const below = (call: KnownCall): KnownCall[] => [call, ...call.children.flatMap(below)];
  const calls = below(root);
  const told = callGraph(house, root.record);
  const sorted = (pairs: readonly (readonly [string, string | number])[]) => pairs.map(String).sort();
  assert.deepEqual(
    sorted(told.functionCalls.map(({ functionCallId, parentInputId }) => [functionCallId, parentInputId])),
    sorted(
      calls.map(({ record: { functionCallId, parentInput } }) => [
        functionCallId,
        parentInput === undefined ? "" : inputIdOf(parentInput),
      ]),
    ),
  );
  assert.deepEqual(
    sorted(told.inputs.map(({ inputId, status }) => [inputId, status])),
    sorted(calls.flatMap(keysOf).map((key) => [inputIdOf(key), statuses.get(key) ?? Status.UNSPECIFIED])),
  );
}

async function checkFunction(
  simulation: SchedulerSimulation,
  house: House,
  functionId: string,
  statuses: ReadonlyMap<number, Status>,
): Promise<void> {
  const calls = simulation.calls.filter(({ record }) => record.functionId === functionId);
  const workers = simulation.containersOf(functionId).filter((worker) => !simulation.outlived.has(worker));
  const running = new Set(workers.flatMap(({ begun }) => begun.flat().map(({ key }) => key)));
  const unfinished = calls.flatMap(keysOf).filter((key) => !statuses.has(key)).length;
  const stats = house.scheduler.stats(functionId);
  assert.equal(stats.numRunningInputs, running.size, "running inputs");
  assert.equal(stats.numTotalTasks, workers.filter(({ stopping }) => !stopping).length, "containers");
  const backlog = unfinished - running.size;
  if (simulation.neverRetries) assert.equal(stats.backlog, backlog, "backlog");
  else assert.ok(stats.backlog <= backlog, `the backlog is ${stats.backlog}, at most ${backlog}`);

  const reports = callReportHandlers(house);
  const listed = await reports.functionCallList(create(FunctionCallListRequestSchema, { functionId }), NOBODY);
  const numbers = calls.map(({ record }) => record.number).sort((a, b) => b - a);
  const ids = new Map(calls.map(({ record }) => [record.number, record.functionCallId]));
  assert.deepEqual(
    listed.functionCalls?.map(({ functionCallId }) => functionCallId),
    numbers.slice(0, MOST_LISTED).map((number) => ids.get(number)),
  );
  const request = create(FunctionCallFetchRequestSchema, { functionId, tail: { count: 10_000 } });
  const { functionCallInputs = [] } = await reports.functionCallFetch(request, NOBODY);
  const count = (wanted: InputStatus) => functionCallInputs.filter(({ status }) => status === wanted).length;
  assert.equal(count(InputStatus.RUNNING), running.size, "inputs that are told to run");
  assert.equal(count(InputStatus.PENDING), backlog, "inputs that are told to wait");
}
