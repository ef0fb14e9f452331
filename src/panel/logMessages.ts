import type { LogLine } from "../calls/model.ts";
import type { LogStatus } from "../logs/logFollow.ts";

export type { LogLine, LogStatus };

/** From the extension host to the page of logs. */
export type LogHostMessage =
  /** Starts over: the page forgets its lines. `title`: whose logs follow; undefined when nobody has chosen. */
  | { readonly type: "reset"; readonly title: string | undefined }
  | { readonly type: "lines"; readonly lines: readonly LogLine[] }
  | { readonly type: "status"; readonly status: LogStatus };

/** From the page of logs to the extension host. */
export type LogPageMessage =
  | { readonly type: "ready" }
  /** The user wants to choose whose logs to follow. */
  | { readonly type: "choose" }
  /** The user wants the lines that are shown in a file. */
  | { readonly type: "save"; readonly text: string };

/** What the page of logs keeps through `setState`. */
export interface LogPageState {
  readonly filter: string;
  /** Only lines of the last so many minutes; 0 for all. */
  readonly sinceMinutes: number;
  readonly wrap: boolean;
  readonly timestamps: boolean;
}
