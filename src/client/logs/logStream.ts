import type { ModalRpc } from "../connection/connection.ts";
import { pause } from "../connection/retry.ts";
import { ConnectionError, InternalError, ServiceError } from "../errors.ts";
import { LogCursor } from "./logCursor.ts";
import { fileDescriptorOf, filterIds, type LogEntry, type LogFilter, logEntry } from "./logEntry.ts";

/** Which logs, where to begin, and whether to wait for more. */
export interface LogStreamOptions extends LogFilter {
  /** Goes on until the app is stopped or `signal` aborts. Default: false, ends with what is there now. */
  readonly follow?: boolean | undefined;
  /** Only entries after this one: the `cursor` of an entry that a stream with the same filter gave. Default: from the oldest. */
  readonly cursor?: string | undefined;
  /** Ends the reading with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How long the server keeps a stream open that is followed. */
const FOLLOW_SECONDS = 55;

/** Pause before a stream that ended early is opened again. */
const REOPEN_PAUSE_MS = 200;

/** How often a broken stream is opened again without an answer, and how long the pauses are; Modal's numbers. */
const MAX_BREAKS = 10;
const MIN_BREAK_PAUSE_MS = 1;
const MAX_BREAK_PAUSE_MS = 1_000;

/**
 * Reads logs (`AppGetLogs`), oldest first. When following, the stream is opened again wherever it ends until the server says
 * `app_done`; a stream that breaks goes on behind the last entry that was read.
 */
export function streamLogs(rpc: ModalRpc, options: LogStreamOptions): AsyncGenerator<LogEntry, void, undefined> {
  return readLogs(rpc, options, options.follow ? FOLLOW_SECONDS : 0);
}

/** @param waitSeconds how long the server waits for more before it ends a stream */
export async function* readLogs(
  rpc: ModalRpc,
  options: LogStreamOptions,
  waitSeconds: number,
): AsyncGenerator<LogEntry, void, undefined> {
  const { follow = false, searchText = "", signal } = options;
  const filter = { ...filterIds(options), fileDescriptor: fileDescriptorOf(options.source), timeout: waitSeconds };
  const place = new LogCursor(options.cursor);
  const breaks = new StreamBreaks();
  for (;;) {
    try {
      for await (const batches of rpc.appGetLogs({ ...filter, lastEntryId: place.begin() }, { signal })) {
        breaks.none();
        for (const batch of batches) {
          for (const { item, cursor } of place.read(batch)) {
            // Searched here, as Modal's client does: servers search in what they fetch, not in what they stream.
            if (item.data.includes(searchText)) yield logEntry(item, batch, cursor);
          }
          if (batch.appDone) return;
        }
      }
    } catch (error) {
      await breaks.another(error, signal);
      continue;
    }
    if (!follow) return;
    await pause(REOPEN_PAUSE_MS, signal);
  }
}

/** Counts how often a stream broke since it last brought something. */
class StreamBreaks {
  #count = 0;

  none(): void {
    this.#count = 0;
  }

  /** Waits before the next attempt, or throws the error when it is none that passes, or comes too often. */
  async another(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    const passes = error instanceof ServiceError || error instanceof InternalError || error instanceof ConnectionError;
    if (!passes || this.#count >= MAX_BREAKS) throw error;
    const pauseMs = Math.min(MIN_BREAK_PAUSE_MS * 10 ** this.#count, MAX_BREAK_PAUSE_MS);
    this.#count += 1;
    await pause(pauseMs, signal);
  }
}
