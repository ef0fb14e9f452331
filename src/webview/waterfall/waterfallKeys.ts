import type { TimeSpan } from "../../panel/messages.ts";
import { panned, zoomed } from "./timeAxis.ts";

const PAN_PART = 0.2;
const ZOOM_STEP = 1.5;
const PAGE_ROWS = 10;

/** Where a key leads: to other rows, or to another time, where undefined is all of the call. */
export interface KeyTarget {
  readonly scrollRows?: number;
  readonly span?: TimeSpan | undefined;
}

/** Undefined: a key that leads nowhere. */
export function keyTarget(key: string, span: TimeSpan, whole: TimeSpan): KeyTarget | undefined {
  const lengths = (whole.to - whole.from) / (span.to - span.from);
  switch (key) {
    case "ArrowUp":
      return { scrollRows: -1 };
    case "ArrowDown":
      return { scrollRows: 1 };
    case "PageUp":
      return { scrollRows: -PAGE_ROWS };
    case "PageDown":
      return { scrollRows: PAGE_ROWS };
    case "ArrowLeft":
      return { span: panned(span, whole, -PAN_PART) };
    case "ArrowRight":
      return { span: panned(span, whole, PAN_PART) };
    case "Home":
      return { span: panned(span, whole, -lengths) };
    case "End":
      return { span: panned(span, whole, lengths) };
    case "+":
    case "=":
      return { span: zoomed(span, whole, ZOOM_STEP) };
    case "-":
      return { span: zoomed(span, whole, 1 / ZOOM_STEP) };
    case "0":
      return { span: undefined };
    default:
      return undefined;
  }
}
