import { signal } from "@preact/signals";
import type { CallGraphNode, CallSummary, HostMessage, StatsSample } from "../panel/messages.ts";
import { LogLines } from "./logs/logLines.ts";
import { ResultRows } from "./results/resultRows.ts";
import { ValueCache } from "./results/valueCache.ts";
import { appendSamples } from "./stats/samples.ts";

/** Everything that the page shows. The views read it; only `apply` and what the reader does on the page change it. */
export class CallPage {
  /** Number of times that the page started over; views that belong to an earlier start are thrown away. */
  readonly starts = signal(0);
  /** Undefined until the first `reset`. */
  readonly call = signal<CallSummary | undefined>(undefined);
  readonly rows = new ResultRows();
  readonly samples = signal<readonly StatsSample[]>([]);
  readonly roots = signal<readonly CallGraphNode[]>([]);
  readonly logs = new LogLines();
  readonly values: ValueCache;
  /** One sentence about the last thing that the reader asked for and that failed. */
  readonly failure = signal<string | undefined>(undefined);
  /** Input index of the result in the detail pane. */
  readonly openedIndex = signal<number | undefined>(undefined);
  /** Name of the tab that the reader chose. It stays in front when the page starts over. */
  readonly tab = signal("Results");
  /** The reader asked to cancel this call and the server has not finished it yet. */
  readonly cancelling = signal(false);

  /** `requestValue` asks the extension host for one whole result. */
  constructor(requestValue: (index: number) => void) {
    this.values = new ValueCache(requestValue);
  }

  apply(message: HostMessage): void {
    switch (message.type) {
      case "reset":
        this.#forget();
        this.#showCall(message.call);
        break;
      case "call":
        this.#showCall(message.call);
        break;
      case "rows":
        this.rows.add(message.rows);
        break;
      case "stats":
        this.samples.value = appendSamples(this.samples.value, message.samples);
        break;
      case "graph":
        this.roots.value = message.roots;
        break;
      case "logs":
        this.logs.append(message.lines);
        break;
      case "value":
        this.values.answer(message.index, message.value);
        break;
      case "failed":
        this.#showFailure(message.message, message.index);
        break;
    }
  }

  #showCall(call: CallSummary): void {
    this.call.value = call;
    if (call.finishedAt !== undefined) this.cancelling.value = false;
  }

  #showFailure(message: string, index: number | undefined): void {
    if (index !== undefined) {
      this.values.fail(index, message);
      return;
    }
    this.failure.value = message;
    this.cancelling.value = false;
  }

  #forget(): void {
    this.starts.value++;
    this.rows.clear();
    this.samples.value = [];
    this.roots.value = [];
    this.logs.clear();
    this.values.clear();
    this.failure.value = undefined;
    this.openedIndex.value = undefined;
    this.cancelling.value = false;
  }
}
