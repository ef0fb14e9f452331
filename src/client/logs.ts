import { FileDescriptor, type TaskLogs, type TaskLogsBatch } from "../proto/gen/modal_pb.js";
import type { ModalRpc } from "./connection.ts";
import { pause } from "./retry.ts";

/** Which logs, and whether to wait for more. */
export interface LogOptions {
  readonly appId: string;
  /** Only what this call's inputs print. */
  readonly functionCallId?: string;
  /** Goes on until the app is stopped or `signal` aborts. Default: false, ends with what is there now. */
  readonly follow?: boolean;
  /** Only entries after this one. Default: from the oldest that the server has. */
  readonly afterEntryId?: string;
  readonly signal?: AbortSignal;
}

/** A piece of what a function printed, as it was flushed: not always a whole line. */
export interface LogEntry {
  /** Unix milliseconds. */
  readonly at: number;
  /** `system` is the server's own. */
  readonly stream: "stdout" | "stderr" | "system";
  readonly text: string;
  /** The container, `ta-…`. */
  readonly taskId: string;
  /** Empty for what was printed outside any input. */
  readonly inputId: string;
  readonly functionCallId: string;
  /** Where to go on after this entry: see `afterEntryId`. */
  readonly entryId: string;
}

/** How long the server keeps a stream open that is followed. */
const FOLLOW_SECONDS = 55;

/** Pause before a stream that ended early is opened again. */
const REOPEN_PAUSE_MS = 200;

/** Reads logs (`AppGetLogs`), and when following, opens the stream again wherever it ends until the server says `app_done`. */
export async function* streamLogs(rpc: ModalRpc, options: LogOptions): AsyncGenerator<LogEntry, void, undefined> {
  const { appId, functionCallId = "", follow = false, signal } = options;
  let lastEntryId = options.afterEntryId ?? "";
  for (;;) {
    const request = { appId, functionCallId, lastEntryId, timeout: follow ? FOLLOW_SECONDS : 0 };
    for await (const batch of rpc.appGetLogs(request, { signal })) {
      lastEntryId = batch.entryId || lastEntryId;
      yield* entries(batch);
      if (batch.appDone) return;
    }
    if (!follow) return;
    await pause(REOPEN_PAUSE_MS, signal);
  }
}

function* entries(batch: TaskLogsBatch): Generator<LogEntry> {
  for (const item of batch.items) {
    // Items without text report progress and container states.
    if (item.data) yield entry(item, batch);
  }
}

function entry(item: TaskLogs, batch: TaskLogsBatch): LogEntry {
  return {
    at: item.timestampNs > 0n ? Number(item.timestampNs / 1_000_000n) : item.timestamp * 1_000,
    stream: streamName(item.fileDescriptor),
    text: item.data,
    taskId: batch.taskId || item.containerId,
    inputId: item.inputId || batch.inputId,
    functionCallId: item.functionCallId,
    entryId: batch.entryId,
  };
}

function streamName(descriptor: FileDescriptor): LogEntry["stream"] {
  if (descriptor === FileDescriptor.STDERR) return "stderr";
  return descriptor === FileDescriptor.INFO ? "system" : "stdout";
}
