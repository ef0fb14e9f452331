import type { ComparedRow, CompareSide, ValueDifference, Verdict } from "../calls/compare/comparedModel.ts";
import type { CallSummary, ShownValue, ValuePart, ValuePartContent } from "../calls/model.ts";

export type * from "../calls/compare/comparedModel.ts";

/** Something that each of the two calls has. */
export type Sides<T> = Readonly<Record<CompareSide, T>>;

/** The rows that the page looks at, and what it has to know of all the others. */
export interface ComparedWindow {
  /** The number of the `look` that it answers. */
  readonly look: number;
  /** Position of the first of `rows` among those that are selected. */
  readonly first: number;
  readonly rows: readonly ComparedRow[];
  /** Number of selected rows. */
  readonly matching: number;
  /** Of all inputs. */
  readonly counts: Readonly<Record<Verdict, number>>;
}

/** A result of one call, or why there is none to be shown. */
export type ComparedValue =
  | { readonly state: "ready"; readonly value: ShownValue }
  | { readonly state: "failed"; readonly message: string }
  | { readonly state: "none" };

/** Both results of an input. */
export interface ComparedPair {
  readonly index: number;
  readonly values: Sides<ComparedValue>;
  /** Undefined: the values are of kinds that are not compared part by part. */
  readonly differences: readonly ValueDifference[] | undefined;
}

/** From the extension host to the page of a comparison. */
export type CompareHostMessage =
  | { readonly type: "calls"; readonly calls: Sides<CallSummary> }
  | { readonly type: "rows"; readonly window: ComparedWindow }
  | { readonly type: "pair"; readonly pair: ComparedPair }
  /** The answer to a `part` request, by its side and its number. */
  | {
      readonly type: "part";
      readonly side: CompareSide;
      readonly number: number;
      readonly content: Partial<ValuePartContent>;
    };

/** From the page of a comparison to the extension host. */
export type ComparePageMessage =
  | { readonly type: "ready" }
  /** `number` grows by one with each. `verdict`: undefined for all rows. */
  | {
      readonly type: "look";
      readonly number: number;
      readonly verdict: Verdict | undefined;
      readonly first: number;
      readonly count: number;
    }
  /** The results of an input in full. */
  | { readonly type: "pair"; readonly index: number }
  | {
      readonly type: "part";
      readonly number: number;
      readonly side: CompareSide;
      readonly index: number;
      readonly part: ValuePart;
    }
  /** Both results of an input in VS Code's own comparison of texts. */
  | { readonly type: "openDifferences"; readonly index: number }
  | { readonly type: "showCall"; readonly side: CompareSide }
  /** Puts the left call on the right. */
  | { readonly type: "swap" }
  /** A line that a traceback names; lines count from 1. */
  | { readonly type: "openFile"; readonly path: string; readonly line: number };

/** What names a call after a reload of the window. */
export interface ComparedCallName {
  readonly functionCallId: string;
  readonly targetId: string;
}

/** What the page of a comparison keeps through `setState`, and what the serializer gets back after a reload of the window. */
export interface ComparePageState {
  readonly calls: Sides<ComparedCallName>;
  readonly verdict?: Verdict | undefined;
  readonly openedIndex?: number | undefined;
}
