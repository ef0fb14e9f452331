import type {
  BoxChoice,
  CallSummary,
  GraphOutline,
  LogLine,
  ResultRow,
  RowSelection,
  ShownValue,
  StatsSample,
  ValuePart,
  ValuePartContent,
} from "../calls/model.ts";
import type { Latency, LatencyWanted, TimeSpan, WaterfallWanted, WaterfallWindow } from "../calls/times/timeModel.ts";

export type * from "../calls/model.ts";
export type * from "../calls/times/timeModel.ts";

/** Which rows the page wants to have, as its reader looks at them. The host keeps sending them as they change. */
export type RowsWanted =
  | {
      readonly by: "position";
      readonly selection: RowSelection;
      readonly first: number;
      readonly count: number;
      /** The row that the reader looks at, by its index: where it goes, the window goes. Undefined: positions stay. */
      readonly anchor: { readonly index: number; readonly position: number } | undefined;
    }
  /** By the index of the input, whatever its status. */
  | { readonly by: "index"; readonly first: number; readonly count: number };

/** The rows that the page wanted, and what it has to know of all the others. */
export interface RowsWindow {
  /** The number of the `look` that it answers. */
  readonly look: number;
  /** Position of the first of `rows`. */
  readonly first: number;
  /** Undefined: those that the page has, at their positions. */
  readonly rows: readonly ResultRow[] | undefined;
  /** Number of rows that match the selection. */
  readonly matching: number;
  /** Number of all rows. */
  readonly size: number;
  /** One more than the greatest index so far. */
  readonly end: number;
  /** Number of results that are images. */
  readonly images: number;
  /** Keys of results that are dictionaries. */
  readonly columns: readonly string[];
  /** The row that is opened, and where in the selection it is; -1 when it is not part of it. */
  readonly opened: { readonly row: ResultRow; readonly position: number } | undefined;
}

/** From the extension host to the page. Samples and log lines are appended; the rest replaces what was there. */
export type HostMessage =
  /** Starts over: the page forgets what it has. Sent once after `ready`, then again when the call shown changes. */
  | { readonly type: "reset"; readonly call: CallSummary }
  | { readonly type: "call"; readonly call: CallSummary }
  | { readonly type: "rows"; readonly window: RowsWindow }
  | { readonly type: "stats"; readonly samples: readonly StatsSample[] }
  | { readonly type: "graph"; readonly outline: GraphOutline }
  | { readonly type: "logs"; readonly lines: readonly LogLine[] }
  /** More is known of the containers: who looks at the waterfall should ask for it again. */
  | { readonly type: "containers" }
  /** The answers to looks, by their numbers. */
  | { readonly type: "waterfall"; readonly number: number; readonly answer: WaterfallWindow }
  | { readonly type: "latency"; readonly number: number; readonly answer: Latency }
  /** The answer to a `value` request. */
  | { readonly type: "value"; readonly index: number; readonly value: ShownValue }
  /** The answer to a `part` request, by its number. */
  | { readonly type: "part"; readonly number: number; readonly content: Partial<ValuePartContent> }
  /** Something that the user asked for failed: one sentence. `index` is set when it was the `value` request for that input. */
  | { readonly type: "failed"; readonly message: string; readonly index?: number };

/** What can be done with a call, besides cancelling it. */
export type CallAction = "runAgain" | "runFailedInputsAgain" | "copyId" | "exportResults";

/** What can be done with one result. */
export type ResultAction = "openInEditor" | "copy" | "save";

/** What can be done with a call of the call graph. */
export type GraphAction = "showCall" | "goToDefinition" | "followLogs";

/** From the page to the extension host. */
export type PageMessage =
  | { readonly type: "ready" }
  /** `number` grows by one with each; the answer names it. `opened`: the index of the row in the detail pane. */
  | {
      readonly type: "look";
      readonly number: number;
      readonly wanted: RowsWanted;
      readonly opened: number | undefined;
    }
  | { readonly type: "value"; readonly index: number }
  /** A part of the value of that result. */
  | { readonly type: "part"; readonly number: number; readonly index: number; readonly part: ValuePart }
  /** What of the call graph is in view. Undefined: nothing. */
  | { readonly type: "showGraph"; readonly choices: readonly BoxChoice[] | undefined }
  /** Whether the waterfall is in view. */
  | { readonly type: "showWaterfall"; readonly isShown: boolean }
  | { readonly type: "lookAtWaterfall"; readonly number: number; readonly wanted: WaterfallWanted }
  | { readonly type: "lookAtLatency"; readonly number: number; readonly wanted: LatencyWanted }
  | { readonly type: "cancel"; readonly terminateContainers: boolean }
  | { readonly type: "act"; readonly action: CallAction }
  /** A line that a traceback names; lines count from 1. */
  | { readonly type: "openFile"; readonly path: string; readonly line: number }
  /** Something about a call of the call graph, by its id. */
  | { readonly type: "actOnCall"; readonly action: GraphAction; readonly functionCallId: string }
  | { readonly type: "actOnResult"; readonly action: ResultAction; readonly index: number };

/** What the page keeps through `setState`, and what the serializer gets back after a reload of the window. */
export interface PageState {
  /** Empty in what the first releases left behind. */
  readonly targetId?: string;
  readonly functionCallId: string;
  /** Name of the tab in front, for a page that was hidden and loads anew. */
  readonly tab: string;
  /** Which results were shown, and which of them in full. */
  readonly selection?: RowSelection | undefined;
  readonly openedIndex?: number | undefined;
  /** What was opened in the call graph. */
  readonly graphChoices?: readonly BoxChoice[] | undefined;
  /** Position of the first row in view, which may be a part of one. */
  readonly topPosition?: number | undefined;
  /** The last minutes that the charts of the stats show; undefined for all. */
  readonly statsMinutes?: 1 | 5 | 30 | undefined;
  /** What the waterfall is zoomed to, and whether it is in words. */
  readonly waterfallSpan?: TimeSpan | undefined;
  readonly waterfallIsTable?: boolean | undefined;
}
