import type { MessageInitShape } from "@bufbuild/protobuf";
import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import {
  type FunctionGetMetricsRequest,
  type FunctionMetricSeriesSchema,
  GenericResult_GenericStatus as Status,
} from "../../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../../proto/grpc/rpcError.ts";
import type { OutputReport } from "../../store/callReports.ts";
import type { House, ModalHandlers } from "../house.ts";
import { variantIds } from "./variants.ts";

/** The handler of metrics: what the store knows of the inputs that ended. Calls that were cleaned are not in them. */
export function metricHandlers(house: House): ModalHandlers<"functionGetMetrics"> {
  return {
    functionGetMetrics: (request) => {
      const wanted = seriesOf(request.groups);
      const { first, end, bucketSeconds } = buckets(request);
      const outputs = variantIds(house, request.functionId, request.rollup).flatMap((id) =>
        house.store.reports.outputs(id, first * bucketSeconds, end * bucketSeconds, bucketSeconds),
      );
      const inBucket = new Map<number, OutputReport[]>();
      for (const report of outputs) inBucket.set(report.bucket, [...(inBucket.get(report.bucket) ?? []), report]);
      const at = (bucket: number) => timestampFromMs(bucket * bucketSeconds * 1_000);
      const numbers = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
      return {
        since: at(first),
        until: at(Math.max(first, end)),
        bucketSecs: bucketSeconds,
        series: wanted.map(({ name, unit, description, value }) => {
          const points = numbers.map((bucket) => pointOf(at(bucket), value(inBucket.get(bucket) ?? [])));
          return { name, unit, description, points } satisfies MessageInitShape<typeof FunctionMetricSeriesSchema>;
        }),
      };
    },
  };
}

const BUCKET_SECONDS = [60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800] as const;
const WANTED_BUCKETS = 100;
const MAX_BUCKETS = 500;
const DEFAULT_SPAN_MS = 3_600_000;

/** A series, and its value for the outputs of one bucket; undefined where there was nothing to observe. */
interface Series {
  readonly group: string;
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly value: (outputs: readonly OutputReport[]) => number | undefined;
}

/** The first name is Modal's; what it calls the others is not known. */
const SERIES: readonly Series[] = [
  counting("successful_calls_count", "Inputs that succeeded.", [Status.SUCCESS]),
  counting("failed_calls_count", "Inputs that failed, whoever's fault it was, or ran out of time.", [
    Status.FAILURE,
    Status.TIMEOUT,
    Status.INIT_FAILURE,
    Status.INTERNAL_FAILURE,
  ]),
  counting("cancelled_calls_count", "Inputs that were cancelled.", [Status.TERMINATED]),
  {
    group: "execution",
    name: "execution_time_mean",
    unit: "seconds",
    description: "How long inputs ran that succeeded, on average.",
    value: (outputs) => {
      const succeeded = successes(outputs);
      const seconds = succeeded.reduce((total, { totalRunTime }) => total + totalRunTime, 0);
      const runs = succeeded.reduce((total, report) => total + report.outputs, 0);
      return runs === 0 ? undefined : seconds / runs;
    },
  },
  {
    group: "execution",
    name: "execution_time_max",
    unit: "seconds",
    description: "How long the longest input ran that succeeded.",
    value: (outputs) => {
      const succeeded = successes(outputs);
      return succeeded.length === 0 ? undefined : Math.max(...succeeded.map(({ longestRunTime }) => longestRunTime));
    },
  },
];

function counting(name: string, description: string, statuses: readonly Status[]): Series {
  const value = (outputs: readonly OutputReport[]) =>
    outputs.reduce((total, { status, outputs: count }) => total + (statuses.includes(status) ? count : 0), 0);
  return { group: "calls", name, unit: "inputs", description, value };
}

function successes(outputs: readonly OutputReport[]): OutputReport[] {
  return outputs.filter(({ status }) => status === Status.SUCCESS);
}

function seriesOf(groups: readonly string[]): readonly Series[] {
  const known = new Set(SERIES.map(({ group }) => group));
  const unknown = groups.find((group) => !known.has(group));
  if (unknown !== undefined) {
    const names = [...known].join(", ");
    throw new RpcError(RpcStatus.INVALID_ARGUMENT, `There is no group of metrics ${unknown}; there are: ${names}.`);
  }
  return groups.length === 0 ? SERIES : SERIES.filter(({ group }) => groups.includes(group));
}

/** The buckets of a request by their numbers; both bounds are rounded down, so that only whole buckets are told. */
function buckets({ since, until, bucketSecs }: FunctionGetMetricsRequest) {
  const endMs = until ? timestampMs(until) : Date.now();
  const sinceMs = since ? timestampMs(since) : endMs - DEFAULT_SPAN_MS;
  const fits = (length: number) => (endMs - sinceMs) / 1_000 / length <= WANTED_BUCKETS;
  const bucketSeconds = bucketSecs ?? BUCKET_SECONDS.find(fits) ?? 604_800;
  const number = (ms: number) => Math.floor(ms / 1_000 / bucketSeconds);
  const [first, end] = [number(sinceMs), number(endMs)];
  if (bucketSeconds < 60 || end - first > MAX_BUCKETS) {
    throw new RpcError(
      RpcStatus.INVALID_ARGUMENT,
      "Metrics have at most 500 points, at least a minute apart; ask for longer buckets, or a shorter time.",
    );
  }
  return { first, end, bucketSeconds };
}

function pointOf(timestamp: ReturnType<typeof timestampFromMs>, value: number | undefined) {
  return value === undefined ? { timestamp } : { timestamp, value };
}
