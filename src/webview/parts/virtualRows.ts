import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import type { RefObject } from "preact";
import { useLayoutEffect, useReducer, useRef, useState } from "preact/hooks";

export interface VirtualRowsOptions {
  readonly count: number;
  readonly rowHeightPx: number;
  /** What stays the same about a row when rows are added before it. */
  readonly keyOf: (position: number) => number;
  /** Rows to draw beyond each edge of the part in view. */
  readonly overscanRows?: number;
  /** Stay at the end while rows are added there, as long as the reader is at the end. */
  readonly follow?: boolean;
}

export interface VirtualRows<T extends HTMLElement> {
  /** For the element that scrolls. */
  readonly scroller: RefObject<T | null>;
  /** The rows near the part in view; only these are to be drawn. */
  readonly items: readonly VirtualItem[];
  readonly totalHeightPx: number;
  readonly scrollTo: (position: number) => void;
  /** The `ref` of rows that are not all of one height; each has its position as `data-index`. */
  readonly measure: (row: Element | null) => void;
}

const DEFAULT_OVERSCAN_ROWS = 12;

/** Draws only the rows in view, and keeps the row that the reader looks at in its place while others come in above it. */
export function useVirtualRows<T extends HTMLElement>({
  count,
  rowHeightPx,
  keyOf,
  follow = false,
  overscanRows = DEFAULT_OVERSCAN_ROWS,
}: VirtualRowsOptions): VirtualRows<T> {
  const scroller = useRef<T>(null);
  const [, redraw] = useReducer((drawn: number, _: undefined) => drawn + 1, 0);
  const scrolled = (scroller.current?.scrollTop ?? 0) > 0;
  const options: VirtualizerOptions<T, Element> = {
    count,
    estimateSize: () => rowHeightPx,
    getItemKey: keyOf,
    overscan: overscanRows,
    // At the very top the reader wants to see the first rows, whichever they are.
    anchorTo: follow || scrolled ? "end" : "start",
    followOnAppend: follow,
    scrollEndThreshold: rowHeightPx,
    getScrollElement: () => scroller.current,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer(options));
  const [measure] = useState(() => (row: Element | null) => virtualizer.measureElement(row));
  const measuredHeight = useRef(rowHeightPx);
  virtualizer.setOptions(options);
  if (measuredHeight.current !== rowHeightPx) {
    measuredHeight.current = rowHeightPx;
    virtualizer.measure();
  }
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    if (follow) virtualizer.scrollToEnd();
  }, [virtualizer, follow]);
  return {
    scroller,
    items: virtualizer.getVirtualItems(),
    totalHeightPx: virtualizer.getTotalSize(),
    scrollTo: (position) => virtualizer.scrollToIndex(position),
    measure,
  };
}
