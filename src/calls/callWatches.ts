import type { CallHistory } from "./callHistory.ts";
import type { CallRecord } from "./callRecord.ts";
import type { ConnectCallServer } from "./callServer.ts";
import { CallWatch } from "./callWatch.ts";
import type { CallSummary } from "./model.ts";

/** One watch per call, shared by all that look at it; what a watch learns of the end of a call goes into the history. */
export class CallWatches {
  readonly #history: CallHistory;
  readonly #connect: ConnectCallServer;
  readonly #watches = new Map<string, WeakRef<CallWatch>>();

  constructor(history: CallHistory, connect: ConnectCallServer) {
    this.#history = history;
    this.#connect = connect;
  }

  /** The watch of a call. It lives as long as somebody holds it. */
  of(record: CallRecord): CallWatch {
    const known = this.#watches.get(record.functionCallId)?.deref();
    if (known) return known;
    const watch = new CallWatch(record, this.#connect);
    this.#watches.set(record.functionCallId, new WeakRef(watch));
    watch.ended.addEventListener("abort", () => this.#remember(watch.summary), { once: true });
    return watch;
  }

  #remember({ functionCallId, finishedAt, counts }: CallSummary): void {
    const record = this.#history.find(functionCallId);
    if (record) void this.#history.save({ ...record, finishedAt, counts });
  }
}
