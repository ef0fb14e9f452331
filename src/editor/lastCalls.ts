import type { CallHistory } from "../calls/callHistory.ts";
import type { CallRecord } from "../calls/callRecord.ts";
import type { CallWatch } from "../calls/callWatch.ts";
import type { CallSummary } from "../calls/model.ts";
import { isNamed, type NamedFunction } from "./namedFunction.ts";

/** The newest call of a function. */
export interface LastCall {
  /** With the counts as they are now. */
  readonly record: CallRecord;
  /** Whether news of it arrives; otherwise what is known may be old. */
  readonly isFollowed: boolean;
}

/** What `LastCalls` works with. */
export interface LastCallsOptions {
  readonly history: CallHistory;
  readonly watches: { of(record: CallRecord): Pick<CallWatch, "subscribe" | "summary"> };
  /** Whether a target can be asked without starting anything. */
  readonly isRunning: (targetId: string) => boolean;
  /** Called after each change of what `of` says. */
  readonly onChange: () => void;
}

interface FollowedCall {
  readonly summary: () => CallSummary;
  readonly stop: () => void;
}

/** The newest calls of functions. Unfinished ones are followed while their functions are on screen, and only then. */
export class LastCalls {
  readonly #options: LastCallsOptions;
  readonly #followed = new Map<string, FollowedCall>();
  readonly #stopListening: () => void;
  #shown: readonly NamedFunction[] = [];

  constructor(options: LastCallsOptions) {
    this.#options = options;
    this.#stopListening = options.history.onChange(() => {
      this.update();
      options.onChange();
    });
  }

  /** Undefined when this workspace remembers no call of the function. */
  of(fn: NamedFunction): LastCall | undefined {
    const record = newestCall(this.#options.history, fn);
    const followed = record && this.#followed.get(record.functionCallId);
    if (!record || !followed) return record && { record, isFollowed: false };
    const { counts, problem } = followed.summary();
    return { record: { ...record, counts }, isFollowed: problem === undefined };
  }

  /** Says which functions are on screen now. */
  show(functions: readonly NamedFunction[]): void {
    this.#shown = functions;
    this.update();
  }

  /** Looks again which calls are to be followed: targets may have come or gone. */
  update(): void {
    const { history, isRunning } = this.#options;
    const wanted = new Map<string, CallRecord>();
    for (const fn of this.#shown) {
      const record = newestCall(history, fn);
      if (record?.finishedAt === undefined && record && isRunning(record.targetId)) {
        wanted.set(record.functionCallId, record);
      }
    }
    for (const [id, { stop }] of this.#followed) {
      if (wanted.has(id)) continue;
      this.#followed.delete(id);
      stop();
    }
    for (const [id, record] of wanted) if (!this.#followed.has(id)) this.#follow(id, record);
  }

  close(): void {
    this.#stopListening();
    this.show([]);
  }

  #follow(id: string, record: CallRecord): void {
    const watch = this.#options.watches.of(record);
    let isSubscribed = false;
    const unsubscribe = watch.subscribe((event) => {
      if (event.type === "call" && isSubscribed) this.#options.onChange();
    });
    isSubscribed = true; // What is known at once is no news.
    this.#followed.set(id, { summary: () => watch.summary, stop: unsubscribe });
  }
}

function newestCall({ records }: CallHistory, fn: NamedFunction): CallRecord | undefined {
  return records.find((record) => isNamed(record, fn));
}
