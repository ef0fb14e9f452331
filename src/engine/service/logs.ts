import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Timestamp } from "@bufbuild/protobuf/wkt";
import type { TaskLogsBatchSchema } from "../../proto/gen/modal_pb.js";
import { inputIdOf, inputKeyFromId } from "../ids.ts";
import type { LogFilter, StoredLog } from "../store/logStore.ts";
import type { House, ModalHandlers } from "./house.ts";

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 20_000;

interface LogsRequest {
  readonly appId: string;
  readonly functionId: string;
  readonly functionCallId: string;
  readonly taskId: string;
  readonly searchText: string;
}

/** The handlers of logs. */
export function logHandlers({ store, scheduler, logs }: House): ModalHandlers<"appGetLogs" | "appFetchLogs"> {
  const filterOf = (request: LogsRequest): LogFilter => ({
    appId: request.appId || undefined,
    functionId: request.functionId || undefined,
    taskId: request.taskId || undefined,
    searchText: request.searchText || undefined,
    callNumber: request.functionCallId ? scheduler.record(request.functionCallId).number : undefined,
  });

  return {
    // Ends after the time that the caller gave; it comes again with the last entry it has, until the app is done.
    appGetLogs: async function* (request, { signal }) {
      const filter = {
        ...filterOf(request),
        input: inputKeyFromId(request.inputId),
        fileDescriptor: request.fileDescriptor || undefined,
      };
      const over = AbortSignal.any([signal, AbortSignal.timeout(Math.round(request.timeout * 1_000))]);
      for await (const page of logs.follow(Number(request.lastEntryId) || 0, filter, over)) yield* batches(page);
      const stopped = store.apps.get(request.appId)?.stoppedAt !== undefined;
      if (stopped) yield { appDone: true };
    },

    appFetchLogs: (request) => {
      const filter = {
        ...filterOf(request),
        fileDescriptor: request.source || undefined,
        since: request.since && seconds(request.since),
        until: request.until && seconds(request.until),
      };
      const limit = Math.min(request.limit || DEFAULT_LIMIT, MAX_LIMIT);
      return { batches: batches(logs.last(filter, limit)) };
    },
  };
}

/** One batch per run of records from the same container and input. */
function batches(page: readonly StoredLog[]): MessageInitShape<typeof TaskLogsBatchSchema>[] {
  const made: { first: StoredLog; records: StoredLog[] }[] = [];
  for (const record of page) {
    const current = made.at(-1);
    if (current?.first.taskId === record.taskId && current.first.input === record.input) current.records.push(record);
    else made.push({ first: record, records: [record] });
  }
  return made.map(({ first, records }) => ({
    taskId: first.taskId,
    functionId: first.functionId,
    inputId: first.input === undefined ? "" : inputIdOf(first.input),
    entryId: String(records.at(-1)?.entry ?? 0),
    items: records.map(({ data, at, fileDescriptor, input }) => ({
      data,
      timestamp: at,
      timestampNs: BigInt(Math.round(at * 1e6)) * 1_000n,
      fileDescriptor,
      inputId: input === undefined ? "" : inputIdOf(input),
      containerId: first.taskId,
    })),
  }));
}

function seconds(timestamp: Timestamp): number {
  return Number(timestamp.seconds) + timestamp.nanos / 1e9;
}
