import { FileDescriptor, type TaskLogs, type TaskLogsBatch } from "../../proto/gen/modal_pb.js";

/** Who wrote something: the function, on one of its two streams, or the server itself. */
export type LogSource = "stdout" | "stderr" | "system";

/** A piece of what a function printed, as it was flushed: not always a whole line. */
export interface LogEntry {
  /** Unix milliseconds. */
  readonly at: number;
  readonly source: LogSource;
  readonly text: string;
  readonly functionId: string;
  /** The container, `ta-…`. */
  readonly taskId: string;
  /** Empty for what was printed outside any input. */
  readonly inputId: string;
  readonly functionCallId: string;
  /** Where a stream goes on after this entry; empty for one that was fetched. */
  readonly cursor: string;
}

/** Which logs; what is left out does not narrow. */
export interface LogFilter {
  readonly appId: string;
  /** `fu-…` */
  readonly functionId?: string | undefined;
  /** `fc-…`: only what this call's inputs print. */
  readonly functionCallId?: string | undefined;
  /** The container, `ta-…`. */
  readonly taskId?: string | undefined;
  readonly source?: LogSource | undefined;
  /** Only entries with this text in them, as it is written. */
  readonly searchText?: string | undefined;
}

const DESCRIPTORS: Readonly<Record<LogSource, FileDescriptor>> = {
  stdout: FileDescriptor.STDOUT,
  stderr: FileDescriptor.STDERR,
  system: FileDescriptor.INFO,
};

/** The number of a source on the wire; that of none is the one for all. */
export function fileDescriptorOf(source: LogSource | undefined): FileDescriptor {
  return source === undefined ? FileDescriptor.UNSPECIFIED : DESCRIPTORS[source];
}

/** A filter's ids, as every request about logs carries them. */
export function filterIds({ appId, functionId = "", functionCallId = "", taskId = "" }: LogFilter) {
  return { appId, functionId, functionCallId, taskId };
}

/** One item of a batch. */
export function logEntry(item: TaskLogs, batch: TaskLogsBatch, cursor: string): LogEntry {
  return {
    at: item.timestampNs > 0n ? Number(item.timestampNs / 1_000_000n) : item.timestamp * 1_000,
    source: sourceOf(item.fileDescriptor),
    text: item.data,
    functionId: batch.functionId,
    taskId: batch.taskId || item.containerId,
    inputId: item.inputId || batch.inputId,
    functionCallId: item.functionCallId,
    cursor,
  };
}

function sourceOf(descriptor: FileDescriptor): LogSource {
  if (descriptor === FileDescriptor.STDERR) return "stderr";
  return descriptor === FileDescriptor.INFO ? "system" : "stdout";
}
