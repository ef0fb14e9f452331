import type { ModalRpc } from "../connection/connection.ts";
import type { LogEntry } from "./logEntry.ts";
import {
  countLogs,
  fetchLogs,
  type LogCount,
  type LogCountOptions,
  type LogFetchOptions,
  type LogTailOptions,
  tailLogs,
} from "./logFetch.ts";
import { type LogStreamOptions, streamLogs } from "./logStream.ts";

/** What functions print: `modal.logs`. Every question names an app and may be narrowed. */
export class LogService {
  readonly #rpc: ModalRpc;

  /** @internal */
  constructor(rpc: ModalRpc) {
    this.#rpc = rpc;
  }

  /**
   * Logs as the server stores them, oldest first, and those to come when following. An entry's `cursor` is where a later stream with
   * the same filter goes on, without a gap and without a repeat.
   */
  stream(options: LogStreamOptions): AsyncIterable<LogEntry> {
    return streamLogs(this.#rpc, options);
  }

  /**
   * All logs of a span of time, in its order. Fetched a little ahead of the reader; leaving the loop ends that.
   *
   * @throws InvalidError when the span is empty, longer than 35 days, or holds too much
   */
  fetch(options: LogFetchOptions): AsyncIterable<LogEntry> {
    return fetchLogs(this.#rpc, options);
  }

  /**
   * The last entries, oldest first.
   *
   * @throws InvalidError when the limit is not one from 1 to 20,000, or the span is empty or longer than 35 days
   */
  tail(options: LogTailOptions): Promise<LogEntry[]> {
    return tailLogs(this.#rpc, options);
  }

  /** How many entries there are, by source, for each step of a span of time. */
  count(options: LogCountOptions): Promise<LogCount[]> {
    return countLogs(this.#rpc, options);
  }
}
