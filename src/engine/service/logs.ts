import type { MessageInitShape } from "@bufbuild/protobuf";
import { type Timestamp, timestampFromMs } from "@bufbuild/protobuf/wkt";
import {
  type AppCountLogsResponse_LogBucketSchema,
  FileDescriptor,
  type TaskLogsBatchSchema,
} from "../../proto/gen/modal_pb.js";
import { RpcError, RpcStatus } from "../../proto/grpc/rpcError.ts";
import { callNumberOf, inputIdOf, inputKeyFromId } from "../ids.ts";
import type { LogFilter, StoredLog } from "../store/logStore.ts";
import type { House, ModalHandlers } from "./house.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 20_000;
const DEFAULT_BUCKET_SECONDS = 60;
const MAX_BUCKETS = 10_000;

interface LogsRequest {
  readonly appId: string;
  readonly functionId: string;
  readonly functionCallId: string;
  readonly taskId: string;
  readonly searchText: string;
}

interface FetchRequest extends LogsRequest {
  readonly source: FileDescriptor;
  readonly since?: Timestamp | undefined;
  readonly until?: Timestamp | undefined;
}

type Names = "appGetLogs" | "appFetchLogs" | "appCountLogs";

/** The handlers of logs. */
export function logHandlers({ store, scheduler, logs, runs }: House): ModalHandlers<Names> {
  const filterOf = (request: LogsRequest): LogFilter => ({
    appId: request.appId || undefined,
    functionId: request.functionId || undefined,
    taskId: request.taskId || undefined,
    searchText: request.searchText || undefined,
    callNumber: request.functionCallId ? scheduler.record(request.functionCallId).number : undefined,
  });

  const fetchFilterOf = (request: FetchRequest): LogFilter => ({
    ...filterOf(request),
    fileDescriptor: request.source || undefined,
    since: request.since && seconds(request.since),
    until: request.until && seconds(request.until),
  });

  return {
    // Ends with the app, or after the time that the caller gave, who comes again with the last entry it has until the app is done.
    appGetLogs: async function* (request, { signal }) {
      const filter = {
        ...filterOf(request),
        input: inputKeyFromId(request.inputId),
        fileDescriptor: request.fileDescriptor || undefined,
      };
      using over = abortedAfter(request.timeout * 1_000, signal);
      void runs.end(request.appId)?.then(over.abort);
      for await (const page of logs.follow(Number(request.lastEntryId) || 0, filter, over.signal)) yield* batches(page);
      const stopped = store.apps.get(request.appId)?.stoppedAt !== undefined;
      if (stopped) yield { appDone: true };
    },

    appFetchLogs: (request) => {
      const limit = Math.min(request.limit || DEFAULT_LIMIT, MAX_LIMIT);
      return { batches: batches(logs.last(fetchFilterOf(request), limit)) };
    },

    appCountLogs: (request) => {
      const { since = 0, until = Date.now() / 1_000, ...filter } = fetchFilterOf(request);
      const span = bucketSpan(since, until, request.bucketSecs || DEFAULT_BUCKET_SECONDS);
      const counts = logs.count({ ...filter, since, until }, span.bucketSeconds);
      return { appId: request.appId, buckets: buckets(span, counts) };
    },
  };

  /** One batch per run of records from the same container and input. */
  function batches(page: readonly StoredLog[]): MessageInitShape<typeof TaskLogsBatchSchema>[] {
    const ids = new Map<number, string>();
    const callIdOf = (callNumber: number): string => {
      const id = ids.get(callNumber) ?? store.calls.byNumber(callNumber)?.functionCallId ?? "";
      ids.set(callNumber, id);
      return id;
    };
    return stretches(page).map((records) => batch(records, callIdOf));
  }
}

interface BucketSpan {
  readonly bucketSeconds: number;
  /** The number of the first bucket, counted from 1970. */
  readonly first: number;
  readonly count: number;
}

/** Buckets begin at multiples of their length, so the outer ones may reach beyond the span, in which alone is counted. */
function bucketSpan(since: number, until: number, bucketSeconds: number): BucketSpan {
  const first = Math.floor(since / bucketSeconds);
  const count = Math.max(0, Math.ceil(until / bucketSeconds) - first);
  if (count <= MAX_BUCKETS) return { bucketSeconds, first, count };
  throw new RpcError(
    RpcStatus.INVALID_ARGUMENT,
    `Logs are counted in at most ${MAX_BUCKETS} buckets; ask for longer ones, or a shorter time.`,
  );
}

/** @param counts by the number of a bucket, then by source, as `LogStore.count` gives them */
function buckets(
  { bucketSeconds, first, count }: BucketSpan,
  counts: ReadonlyMap<number, ReadonlyMap<number, number>>,
): MessageInitShape<typeof AppCountLogsResponse_LogBucketSchema>[] {
  return Array.from({ length: count }, (_, index) => {
    const records = counts.get(first + index);
    return {
      bucketStartAt: timestampFromMs((first + index) * bucketSeconds * 1_000),
      stdoutLogs: BigInt(records?.get(FileDescriptor.STDOUT) ?? 0),
      stderrLogs: BigInt(records?.get(FileDescriptor.STDERR) ?? 0),
      systemLogs: BigInt(records?.get(FileDescriptor.INFO) ?? 0),
    };
  });
}

function stretches(page: readonly StoredLog[]): [StoredLog, ...StoredLog[]][] {
  const made: [StoredLog, ...StoredLog[]][] = [];
  for (const record of page) {
    const current = made.at(-1);
    if (current?.[0].taskId === record.taskId && current[0].input === record.input) current.push(record);
    else made.push([record]);
  }
  return made;
}

function batch(
  records: readonly [StoredLog, ...StoredLog[]],
  callIdOf: (callNumber: number) => string,
): MessageInitShape<typeof TaskLogsBatchSchema> {
  const [{ taskId, functionId, input }] = records;
  const inputId = input === undefined ? "" : inputIdOf(input);
  const functionCallId = input === undefined ? "" : callIdOf(callNumberOf(input));
  return {
    taskId,
    functionId,
    inputId,
    entryId: String(records.at(-1)?.entry ?? 0),
    items: records.map(({ data, at, fileDescriptor }) => ({
      data,
      timestamp: at,
      timestampNs: BigInt(Math.round(at * 1e6)) * 1_000n,
      fileDescriptor,
      inputId,
      functionCallId,
      containerId: taskId,
    })),
  };
}

/**
 * A signal that follows another one, and aborts when the time is over. `AbortSignal.any([signal, AbortSignal.timeout(…)])` would not always
 * do so: it holds its sources weakly, and the timer of a timeout that is collected is cleared. So a stream during which garbage was collected
 * never ended (Node.js 24.21 when nobody listened yet, 22.15 always).
 */
function abortedAfter(
  timeoutMs: number,
  signal: AbortSignal,
): Disposable & { readonly signal: AbortSignal; abort(): void } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal.addEventListener("abort", abort, { once: true });
  if (signal.aborted) abort();
  return {
    signal: controller.signal,
    abort,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
    },
  };
}

function seconds(timestamp: Timestamp): number {
  return Number(timestamp.seconds) + timestamp.nanos / 1e9;
}
