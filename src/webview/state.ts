import { signal } from "@preact/signals";
import type {
  CallSummary,
  HostMessage,
  Latency,
  LatencyWanted,
  PageState,
  StatsSample,
  TimeSpan,
  WaterfallWanted,
  WaterfallWindow,
} from "../panel/messages.ts";
import { ShownGraph } from "./graph/shownGraph.ts";
import { LogLines } from "./logs/logLines.ts";
import { Looks } from "./parts/looks.ts";
import { type LookAtRows, ShownRows } from "./results/shownRows.ts";
import { ValueCache } from "./results/valueCache.ts";
import { type RequestPart, ValueParts } from "./results/valueParts.ts";
import { appendSamples } from "./stats/samples.ts";
import type { WindowMinutes } from "./stats/statsData.ts";

/** What the page asks the extension host for. */
export interface Questions {
  readonly requestValue: (index: number) => void;
  readonly requestPart: RequestPart;
  readonly lookAtRows: LookAtRows;
  readonly lookAtWaterfall: (number: number, wanted: WaterfallWanted) => void;
  readonly lookAtLatency: (number: number, wanted: LatencyWanted) => void;
}

/** Everything that the page shows. The views read it; only `apply` and what the reader does on the page change it. */
export class CallPage {
  /** Number of times that the page started over; views that belong to an earlier start are thrown away. */
  readonly starts = signal(0);
  /** Undefined until the first `reset`. */
  readonly call = signal<CallSummary | undefined>(undefined);
  readonly rows: ShownRows;
  readonly samples = signal<readonly StatsSample[]>([]);
  readonly graph = new ShownGraph();
  readonly logs = new LogLines();
  readonly waterfall: Looks<WaterfallWanted, WaterfallWindow>;
  readonly latency: Looks<LatencyWanted, Latency>;
  readonly values: ValueCache;
  readonly parts: ValueParts;
  /** One sentence about the last thing that the reader asked for and that failed. */
  readonly failure = signal<string | undefined>(undefined);
  /** Name of the tab that the reader chose. It stays in front when the page starts over. */
  readonly tab = signal("Results");
  /** The last minutes that the charts of the stats show; undefined for all. */
  readonly statsMinutes = signal<WindowMinutes>(undefined);
  /** What the reader has zoomed the waterfall to; undefined for all of the call. */
  readonly waterfallSpan = signal<TimeSpan | undefined>(undefined);
  /** The waterfall is told in words. */
  readonly waterfallIsTable = signal(false);
  /** The reader asked to cancel this call and the server has not finished it yet. */
  readonly cancelling = signal(false);

  constructor(ask: Questions) {
    this.parts = new ValueParts(ask.requestPart);
    this.rows = new ShownRows(ask.lookAtRows);
    this.values = new ValueCache(ask.requestValue);
    this.waterfall = new Looks(ask.lookAtWaterfall);
    this.latency = new Looks(ask.lookAtLatency);
  }

  /** What is to be kept while the page is hidden. Undefined before the first `reset`. */
  get state(): PageState | undefined {
    const call = this.call.value;
    return (
      call && {
        targetId: call.targetId,
        functionCallId: call.functionCallId,
        tab: this.tab.value,
        selection: this.rows.selection,
        openedIndex: this.rows.openedIndex.value,
        graphChoices: this.graph.choices,
        topPosition: this.rows.topPosition.value,
        statsMinutes: this.statsMinutes.value,
        waterfallSpan: this.waterfallSpan.value,
        waterfallIsTable: this.waterfallIsTable.value,
      }
    );
  }

  /** What was kept while the page was hidden. */
  restore(state: PageState): void {
    this.tab.value = state.tab;
    if (state.selection) this.rows.select(state.selection);
    if (state.openedIndex !== undefined) this.rows.open(state.openedIndex);
    this.rows.topPosition.value = state.topPosition ?? 0;
    this.graph.restore(state.graphChoices ?? []);
    this.statsMinutes.value = state.statsMinutes;
    this.waterfallSpan.value = state.waterfallSpan;
    this.waterfallIsTable.value = state.waterfallIsTable ?? false;
  }

  /** Brings the result of an input to the front, by the input's id. */
  showResultOf(inputId: string): void {
    this.rows.selectAndOpen({ ...this.rows.selection, status: undefined, text: inputId });
    this.tab.value = "Results";
  }

  apply(message: HostMessage): void {
    switch (message.type) {
      case "reset":
        // What a page kept while it was hidden is of the first call that it is told of.
        if (this.call.peek()) {
          this.rows.leave();
          this.graph.startOver();
          this.waterfallSpan.value = undefined;
        }
        this.#forget();
        this.#showCall(message.call);
        break;
      case "call":
        this.#showCall(message.call);
        break;
      case "rows":
        this.rows.show(message.window);
        break;
      case "stats":
        this.samples.value = appendSamples(this.samples.value, message.samples);
        break;
      case "graph":
        this.graph.outline.value = message.outline;
        break;
      case "logs":
        this.logs.append(message.lines);
        break;
      case "containers":
        this.waterfall.again();
        break;
      case "waterfall":
        this.waterfall.show(message.number, message.answer);
        break;
      case "latency":
        this.latency.show(message.number, message.answer);
        break;
      case "value":
        this.values.answer(message.index, message.value);
        break;
      case "part":
        this.parts.answer(message.number, message.content);
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
    this.rows.startOver();
    this.waterfall.startOver();
    this.latency.startOver();
    this.samples.value = [];
    this.graph.clear();
    this.logs.clear();
    this.values.clear();
    this.parts.clear();
    this.failure.value = undefined;
    this.cancelling.value = false;
  }
}
