import { isFinished, requestCallInfo } from "../calls/functionCallInfo.ts";
import type { ModalRpc } from "../connection/connection.ts";
import { pause } from "../connection/retry.ts";
import type { LogEntry, LogFilter } from "./logEntry.ts";
import { fetchLogs, type LogFetchOptions, type LogTailOptions, tailLogs } from "./logFetch.ts";
import { type LogStreamOptions, readLogs, streamLogs } from "./logStream.ts";

/** Options of logs, without what the call itself says. */
export type CallLogOptions<T extends LogFilter> = Omit<T, "appId" | "functionId" | "functionCallId">;

/** How often a call is asked for while its logs are followed; Modal's number. */
const POLL_MS = 1_000;

/** How long the logs of a call that finished may still come; Modal's number. */
const DRAIN_SECONDS = 0.5;

/** What the inputs of one function call print: `call.logs`. */
export class FunctionCallLogs {
  readonly #rpc: ModalRpc;
  readonly #functionCallId: string;
  #place: Promise<{ appId: string; functionId: string }> | undefined;

  /**
   * Not for users: a `FunctionCall` has them.
   *
   * @internal
   */
  constructor(rpc: ModalRpc, functionCallId: string) {
    this.#rpc = rpc;
    this.#functionCallId = functionCallId;
  }

  /** Logs from the first on; when following, those to come too, until the call has finished. */
  async *stream(options: CallLogOptions<LogStreamOptions> = {}): AsyncGenerator<LogEntry, void, undefined> {
    const { follow = false, signal } = options;
    const { appId, functionId } = await this.#found();
    const ofCall = { ...options, appId, functionCallId: this.#functionCallId };
    if (!follow) return yield* streamLogs(this.#rpc, ofCall);
    const finished = new AbortController();
    const left = new AbortController();
    void this.#untilFinished(functionId, left.signal).then(() => finished.abort());
    let { cursor } = options;
    try {
      const either = AbortSignal.any([finished.signal, ...(signal ? [signal] : [])]);
      for await (const entry of streamLogs(this.#rpc, { ...ofCall, signal: either })) {
        ({ cursor } = entry);
        yield entry;
      }
      return;
    } catch (error) {
      if (!finished.signal.aborted || signal?.aborted) throw error;
    } finally {
      left.abort();
    }
    yield* readLogs(this.#rpc, { ...ofCall, cursor, follow: false }, DRAIN_SECONDS);
  }

  /**
   * All logs of a span of time, in its order; see `modal.logs.fetch`.
   *
   * @param options `since`: by default, when the call was made
   */
  async *fetch(options: Partial<CallLogOptions<LogFetchOptions>> = {}): AsyncGenerator<LogEntry, void, undefined> {
    const { appId, functionId } = await this.#found();
    const madeAt = async () => (await requestCallInfo(this.#rpc, this.#functionCallId, functionId)).createdAt;
    const since = options.since ?? (await madeAt());
    yield* fetchLogs(this.#rpc, { ...options, since, appId, functionCallId: this.#functionCallId });
  }

  /** The last entries, oldest first; see `modal.logs.tail`. */
  async tail(options: CallLogOptions<LogTailOptions> = {}): Promise<LogEntry[]> {
    const { appId } = await this.#found();
    return tailLogs(this.#rpc, { ...options, appId, functionCallId: this.#functionCallId });
  }

  /** Resolves when every input has its output, or the signal aborts. A server that cannot tell, or not now, is no failure. */
  async #untilFinished(functionId: string, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const info = await requestCallInfo(this.#rpc, this.#functionCallId, functionId).catch(() => undefined);
      if (info && isFinished(info)) return;
      await pause(POLL_MS, signal).catch(() => undefined);
    }
  }

  #found(): Promise<{ appId: string; functionId: string }> {
    this.#place ??= this.#find();
    return this.#place;
  }

  async #find(): Promise<{ appId: string; functionId: string }> {
    try {
      const { metadata } = await this.#rpc.functionCallFromId({ functionCallId: this.#functionCallId });
      return { appId: metadata?.appId ?? "", functionId: metadata?.functionId ?? "" };
    } catch (error) {
      this.#place = undefined;
      throw error;
    }
  }
}
