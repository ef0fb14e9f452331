/** What is told of two calls that are compared: plain data, ready to be shown. */

import type { ResultRow } from "../model.ts";

/** Which of the two calls. */
export type CompareSide = "left" | "right";

/** How the results of an input compare. `waiting`: a call that still runs may yet have one. */
export type Verdict = "different" | "onlyLeft" | "onlyRight" | "same" | "waiting";

/** An input of either call, by its index. */
export interface ComparedRow {
  readonly index: number;
  readonly verdict: Verdict;
  readonly left: ResultRow | undefined;
  readonly right: ResultRow | undefined;
}

/** A place where two values differ. */
export interface ValueDifference {
  /** As Python would go there, e.g. `["words"][3]`; empty for the values themselves. */
  readonly path: string;
  /** In a line. Undefined: there is nothing. */
  readonly left: string | undefined;
  readonly right: string | undefined;
}
