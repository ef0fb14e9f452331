import type { TimeSpan, WaterfallBar, WaterfallRow, WaterfallWindow } from "../../panel/messages.ts";

export const ROW_HEIGHT_PX = 22;
/** Above the rows: the times, and below them how many inputs wait. */
export const AXIS_HEIGHT_PX = 22;
export const HEAD_HEIGHT_PX = 66;
/** Left of the times: the containers. */
export const NAMES_PX = 140;
export const TEXT_INSET_PX = 8;
/** At the end of the times, so that the last ones are seen. */
const MARGIN_PX = 12;
/** What is shorter would not be seen. */
export const SMALLEST_BAR_PX = 2;

/** Where times are on the page: right of the names, from the beginning of the span to its end. */
export class TimeScale {
  readonly #span: TimeSpan;
  readonly #widthPx: number;

  /** @param widthPx of all, with the names */
  constructor(span: TimeSpan, widthPx: number) {
    this.#span = span;
    this.#widthPx = plotWidth(widthPx);
  }

  x(at: number): number {
    return NAMES_PX + ((at - this.#span.from) / (this.#span.to - this.#span.from)) * this.#widthPx;
  }

  /** Where in the span a place is, from 0 to 1. */
  part(xPx: number): number {
    return Math.min(1, Math.max(0, (xPx - NAMES_PX) / this.#widthPx));
  }

  /** Left edge and width of a bar, as far as it is in view. */
  bar({ from, to }: TimeSpan): { readonly leftPx: number; readonly widthPx: number } {
    const leftPx = Math.max(NAMES_PX, this.x(from));
    const rightPx = Math.min(NAMES_PX + this.#widthPx, this.x(to));
    return { leftPx, widthPx: Math.max(0, rightPx - leftPx) };
  }
}

/** The room that times have. */
export function plotWidth(widthPx: number): number {
  return Math.max(1, widthPx - NAMES_PX - MARGIN_PX);
}

/** A bar that the reader points at. */
export interface PointedBar {
  readonly row: WaterfallRow;
  readonly bar: WaterfallBar;
}

/** The bar at a place. `yPx` from the top of all rows, also those that are not in view. Short ones are easier to hit than to see. */
export function barAt(window: WaterfallWindow, widthPx: number, xPx: number, yPx: number): PointedBar | undefined {
  const row = window.rows[Math.floor(yPx / ROW_HEIGHT_PX) - window.firstRow];
  if (!row || xPx < NAMES_PX) return undefined;
  const scale = new TimeScale(window.span, widthPx);
  const distancePx = (bar: WaterfallBar) => {
    const { leftPx, widthPx: barPx } = scale.bar(bar);
    return Math.max(leftPx - xPx, xPx - leftPx - Math.max(barPx, SMALLEST_BAR_PX), 0);
  };
  const [nearest] = row.bars.map((bar) => ({ bar, px: distancePx(bar) })).sort((one, other) => one.px - other.px);
  return nearest && nearest.px <= SMALLEST_BAR_PX ? { row, bar: nearest.bar } : undefined;
}

/** A container's id in its column, by its end, where ids differ. */
export function shortContainerId(containerId: string): string {
  return containerId.length > 13 ? `${containerId.slice(0, 3)}…${containerId.slice(-8)}` : containerId;
}
