import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

/** Rows drawn beyond each edge of the part in view. */
const OVERSCAN_ROWS = 8;
/** Scrolling has come to an end when nothing has moved for so long. A browser's own `scrollend` comes after each step of keys and scripts. */
const REST_MS = 150;

/** A row to draw. The elements of rows that went out of view are used again by those that came: making them takes most of a frame. */
export interface DrawnRow {
  readonly position: number;
  /** Key of the element. */
  readonly slot: number;
}

export interface EvenRows<T extends HTMLElement> {
  /** For the element that scrolls. */
  readonly scroller: RefObject<T | null>;
  /** The part in view, as it was when the reader last scrolled: asking the element itself would have it laid out anew. */
  readonly topPx: number;
  readonly heightPx: number;
  /** The rows to draw. Where they are on the page is said by their positions; they are in order while nothing scrolls. */
  readonly drawn: readonly DrawnRow[];
  readonly scrollTo: (position: number) => void;
}

/**
 * Draws only the rows in view, of any number of rows that are all of one height. Unlike `useVirtualRows` it keeps nothing for each row, so
 * that a table that grows twenty times a second costs no more than a small one.
 *
 * @param onRest told where the view is whenever scrolling has come to an end, in pixels
 */
export function useEvenRows<T extends HTMLElement>(
  count: number,
  rowHeightPx: number,
  onRest: (topPx: number) => void,
): EvenRows<T> {
  const scroller = useRef<T>(null);
  const [view, setView] = useState({ topPx: 0, heightPx: 0 });
  const [restPx, setRestPx] = useState(0);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    let topPx = 0;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      topPx = element.scrollTop;
      setView({ topPx, heightPx: element.clientHeight });
    };
    const rest = () => {
      resting = undefined;
      setRestPx(topPx);
      onRest(topPx);
    };
    const scroll = () => {
      look();
      clearTimeout(resting);
      resting = setTimeout(rest, REST_MS);
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", scroll, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", scroll);
      clearTimeout(resting);
      if (resting !== undefined) onRest(topPx);
    };
  }, []);
  const scrollTo = (position: number) => {
    const element = scroller.current;
    if (!element) return;
    const topPx = position * rowHeightPx;
    const lastTopPx = topPx + rowHeightPx - element.clientHeight;
    element.scrollTop = Math.min(topPx, Math.max(lastTopPx, element.scrollTop));
  };
  const slots = Math.ceil(view.heightPx / rowHeightPx) + 2 * OVERSCAN_ROWS + 1;
  const drawn = drawnRows(firstRow(view.topPx, rowHeightPx), firstRow(restPx, rowHeightPx), slots);
  return { scroller, ...view, drawn: drawn.filter(({ position }) => position < count), scrollTo };
}

function firstRow(topPx: number, rowHeightPx: number): number {
  return Math.max(0, Math.floor(topPx / rowHeightPx) - OVERSCAN_ROWS);
}

/**
 * So many rows from `start` on, in an order that changes only when scrolling has come to an end: an element that is moved costs as much
 * as a new one.
 *
 * @param restStart the first row when scrolling last came to an end
 */
export function drawnRows(start: number, restStart: number, slots: number): DrawnRow[] {
  return Array.from({ length: slots }, (_, place) => {
    const slot = (restStart + place) % slots;
    const position = start + ((slot - (start % slots) + slots) % slots);
    return { position, slot };
  });
}
