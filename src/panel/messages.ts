import type { CallGraphNode, CallSummary, LogLine, ResultRow, ResultValue, StatsSample } from "../calls/model.ts";

export type * from "../calls/model.ts";

/** From the extension host to the page. Rows, samples and log lines are appended; the rest replaces what was there. */
export type HostMessage =
  /** Starts over: the page forgets what it has. Sent once after `ready`, then again when the call shown changes. */
  | { readonly type: "reset"; readonly call: CallSummary }
  | { readonly type: "call"; readonly call: CallSummary }
  | { readonly type: "rows"; readonly rows: readonly ResultRow[] }
  | { readonly type: "stats"; readonly samples: readonly StatsSample[] }
  | { readonly type: "graph"; readonly roots: readonly CallGraphNode[] }
  | { readonly type: "logs"; readonly lines: readonly LogLine[] }
  /** The answer to a `value` request. */
  | { readonly type: "value"; readonly index: number; readonly value: ResultValue }
  /** Something that the user asked for failed: one sentence. `index` is set when it was the `value` request for that input. */
  | { readonly type: "failed"; readonly message: string; readonly index?: number };

/** From the page to the extension host. */
export type PageMessage =
  | { readonly type: "ready" }
  | { readonly type: "value"; readonly index: number }
  | { readonly type: "cancel"; readonly terminateContainers: boolean }
  | { readonly type: "runAgain" }
  | { readonly type: "openSource"; readonly functionCallId: string }
  | { readonly type: "openInEditor"; readonly index: number };

/** What the page keeps through `setState`, and what the serializer gets back after a reload of the window. */
export interface PageState {
  /** Empty in what the first releases left behind. */
  readonly targetId?: string;
  readonly functionCallId: string;
  /** Name of the tab in front, for a page that was hidden and loads anew. */
  readonly tab: string;
}
