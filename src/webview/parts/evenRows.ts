import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows drawn beyond each edge of the part in view. */
const OVERSCAN_ROWS = 8;

export interface EvenRows<T extends HTMLElement> {
  /** For the element that scrolls. */
  readonly scroller: RefObject<T | null>;
  /** The part in view, as it was when the reader last scrolled: asking the element itself would have it laid out anew. */
  readonly topPx: number;
  readonly heightPx: number;
  /** The first row to draw, and the one after the last. */
  readonly start: number;
  readonly end: number;
  readonly scrollTo: (position: number) => void;
}

/**
 * Draws only the rows in view, of any number of rows that are all of one height. Unlike `useVirtualRows` it keeps nothing for each row, so
 * that a table that grows twenty times a second costs no more than a small one.
 */
export function useEvenRows<T extends HTMLElement>(count: number, rowHeightPx: number): EvenRows<T> {
  const scroller = useRef<T>(null);
  const [view, setView] = useState({ topPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const look = () => setView({ topPx: element.scrollTop, heightPx: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
  const scrollTo = (position: number) => {
    const element = scroller.current;
    if (!element) return;
    const topPx = position * rowHeightPx;
    const lastTopPx = topPx + rowHeightPx - element.clientHeight;
    element.scrollTop = Math.min(topPx, Math.max(lastTopPx, element.scrollTop));
  };
  const start = Math.max(0, Math.floor(view.topPx / rowHeightPx) - OVERSCAN_ROWS);
  const end = Math.min(count, Math.ceil((view.topPx + view.heightPx) / rowHeightPx) + OVERSCAN_ROWS);
  return { scroller, ...view, start, end, scrollTo };
}
