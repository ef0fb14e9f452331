import { timestampFromMs, timestampMs } from "@bufbuild/protobuf/wkt";
import type { FunctionMetricSeries } from "../../proto/gen/modal_pb.js";
import type { ModalRpc } from "../connection/connection.ts";
import { InvalidError, UnimplementedError } from "../errors.ts";

/** Which metrics of a function, of which time. */
export interface MetricsOptions {
  /** Unix milliseconds. Default: an hour before `until`. */
  readonly since?: number;
  /** Unix milliseconds. Default: now. */
  readonly until?: number;
  /** The time between two points, at least 60. Default: the server's choice. */
  readonly bucketSeconds?: number;
  /** Only series of these groups, by the server's names. Default: all. */
  readonly groups?: readonly string[];
  /** Also what instances of a class, and functions with options of their own, did. Default: false. */
  readonly allVariants?: boolean;
}

/** What a function did over a time, in equal steps. Times in unix milliseconds. */
export interface FunctionMetrics {
  /** The bounds are those of the buckets: the first may begin before the time that was asked for. */
  readonly since: number;
  readonly until: number;
  readonly bucketSeconds: number;
  readonly series: readonly MetricSeries[];
}

/** One of the things that are measured. The end of its name says how its values are made: `_count`, `_mean`, `_max`. */
export interface MetricSeries {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly points: readonly MetricPoint[];
}

/** What was observed in one bucket. */
export interface MetricPoint {
  /** Where the bucket begins. */
  readonly at: number;
  /** Undefined where nothing was observed. */
  readonly value: number | undefined;
}

const HOUR_MS = 3_600_000;
const MAX_SPAN_MS = 31 * 24 * HOUR_MS;
const MIN_BUCKET_SECONDS = 60;
const MAX_POINTS = 500;

/**
 * Asks for a function's metrics (`FunctionGetMetrics`). The limits are those of Modal's JavaScript SDK 0.11.1.
 *
 * @throws InvalidError when the time is empty or longer than 31 days, or there would be more than 500 points
 * @throws UnimplementedError when the server measures nothing
 */
export async function requestMetrics(
  rpc: ModalRpc,
  functionId: string,
  options: MetricsOptions,
): Promise<FunctionMetrics> {
  const {
    until = Date.now(),
    since = until - HOUR_MS,
    bucketSeconds,
    groups = [],
    allVariants: rollup = false,
  } = options;
  checkSpan(since, until, bucketSeconds);
  const bucket = bucketSeconds === undefined ? {} : { bucketSecs: bucketSeconds };
  const span = { since: timestampFromMs(since), until: timestampFromMs(until) };
  try {
    const answer = await rpc.functionGetMetrics({ functionId, groups: [...groups], rollup, ...span, ...bucket });
    return {
      since: answer.since ? timestampMs(answer.since) : since,
      until: answer.until ? timestampMs(answer.until) : until,
      bucketSeconds: answer.bucketSecs,
      series: answer.series.map(metricSeries),
    };
  } catch (error) {
    if (!(error instanceof UnimplementedError)) throw error;
    throw new UnimplementedError("This server keeps no metrics of functions; their stats are what it can tell.", {
      cause: error,
    });
  }
}

function checkSpan(since: number, until: number, bucketSeconds: number | undefined): void {
  if (!(since < until)) throw new InvalidError("The metrics of no time were asked for; begin before the end.");
  if (until - since > MAX_SPAN_MS) throw new InvalidError("Metrics are kept for 31 days at once; ask for less.");
  if (bucketSeconds === undefined) return;
  if (!Number.isInteger(bucketSeconds) || bucketSeconds < MIN_BUCKET_SECONDS) {
    throw new InvalidError(
      "The points of metrics are at least 60 whole seconds apart; ask for a longer bucketSeconds.",
    );
  }
  if ((until - since) / (bucketSeconds * 1_000) > MAX_POINTS) {
    throw new InvalidError("Metrics have at most 500 points; ask for a longer bucketSeconds, or a shorter time.");
  }
}

function metricSeries({ name, unit, description, points }: FunctionMetricSeries): MetricSeries {
  return {
    name,
    unit,
    description,
    points: points.map(({ timestamp, value }) => ({ at: timestamp ? timestampMs(timestamp) : 0, value })),
  };
}
