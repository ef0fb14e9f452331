import type { CallHistory } from "./callHistory.ts";
import type { CallRecord } from "./callRecord.ts";
import type { CallServer } from "./callServer.ts";
import { CallWatch } from "./callWatch.ts";
import type { CallSummary } from "./model.ts";

/** One watch per call, shared by all that look at it; what a watch learns of the end of a call goes into the history. */
export class CallWatches {
  readonly #history: CallHistory;
  readonly #connect: (record: CallRecord) => Promise<CallServer>;
  readonly #watches = new Map<string, WeakRef<CallWatch>>();

  /** @param connect gives the server that has the call, as it answers now */
  constructor(history: CallHistory, connect: (record: CallRecord) => Promise<CallServer>) {
    this.#history = history;
    this.#connect = connect;
  }

  /** The watch of a call. It lives as long as somebody holds it. */
  of(record: CallRecord): CallWatch {
    const known = this.#watches.get(record.functionCallId)?.deref();
    if (known) return known;
    const watch = new CallWatch(record, () => this.#connect(record));
    this.#watches.set(record.functionCallId, new WeakRef(watch));
    watch.ended.addEventListener("abort", () => this.#remember(watch.summary), { once: true });
    return watch;
  }

  #remember({ functionCallId, finishedAt, counts }: CallSummary): void {
    const record = this.#history.find(functionCallId);
    if (record) void this.#history.save({ ...record, finishedAt, counts });
  }
}
