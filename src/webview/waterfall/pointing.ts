import type { Signal } from "@preact/signals";
import type { TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import type { TimeSpan, WaterfallWindow } from "../../panel/messages.ts";
import type { CallPage } from "../state.ts";
import { barAt, HEAD_HEIGHT_PX, type PointedBar, plotWidth, TimeScale } from "./geometry.ts";
import { around, panned, zoomed } from "./timeAxis.ts";

/** A turn of the wheel by so many pixels doubles or halves what is seen. */
const WHEEL_PX = 200;
/** Who moves the pointer by less than this wanted to click. */
const DRAG_PX = 4;

/** The bar under the pointer, and where the pointer is on the chart. */
export interface Pointed extends PointedBar {
  readonly xPx: number;
  readonly yPx: number;
}

interface PointingProps {
  readonly page: CallPage;
  readonly window: WaterfallWindow | undefined;
  readonly span: Signal<TimeSpan | undefined>;
  readonly widthPx: number;
  /** How far the rows are scrolled. */
  readonly topPx: number;
  readonly pointed: Signal<Pointed | undefined>;
}

interface Drag {
  readonly xPx: number;
  readonly span: TimeSpan;
  hasMoved: boolean;
}

/** What the pointer does: it says what is under it, drags the time, opens a result or looks closer, and zooms with the wheel. */
export function usePointing({ page, window, span, widthPx, topPx, pointed }: PointingProps) {
  const drag = useRef<Drag | undefined>(undefined);
  const barUnder = (xPx: number, yPx: number) =>
    window && yPx > HEAD_HEIGHT_PX ? barAt(window, widthPx, xPx, yPx - HEAD_HEIGHT_PX + topPx) : undefined;
  // The answer to the last change may still be on its way.
  const current = () => span.peek() ?? window?.whole;
  const onPointerDown = (event: TargetedPointerEvent<HTMLElement>) => {
    const from = current();
    if (from && event.button === 0) drag.current = { xPx: placeOf(event).xPx, span: from, hasMoved: false };
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLElement>) => {
    const { xPx, yPx } = placeOf(event);
    const moved = drag.current && drag.current.xPx - xPx;
    if (window && drag.current && moved !== undefined && (drag.current.hasMoved || Math.abs(moved) >= DRAG_PX)) {
      drag.current.hasMoved = true;
      event.currentTarget.setPointerCapture(event.pointerId);
      span.value = panned(drag.current.span, window.whole, moved / plotWidth(widthPx));
    }
    const under = drag.current?.hasMoved ? undefined : barUnder(xPx, yPx);
    pointed.value = under && { ...under, xPx, yPx };
  };
  const onPointerUp = (event: TargetedPointerEvent<HTMLElement>) => {
    const { xPx, yPx } = placeOf(event);
    const bar = drag.current && !drag.current.hasMoved ? barUnder(xPx, yPx)?.bar : undefined;
    drag.current = undefined;
    if (!bar || !window) return;
    if (bar.inputs > 1) span.value = around(bar, window.whole);
    else if (bar.status !== "PENDING") page.rows.open(bar.index);
  };
  const onPointerLeave = () => {
    pointed.value = undefined;
  };
  const onWheel = (event: WheelEvent) => {
    const from = current();
    if (!window || !from || !(event.ctrlKey || event.shiftKey || event.deltaX !== 0)) return;
    event.preventDefault();
    const part = new TimeScale(from, widthPx).part(event.offsetX);
    if (event.ctrlKey) span.value = zoomed(from, window.whole, 2 ** (-event.deltaY / WHEEL_PX), part);
    else span.value = panned(from, window.whole, (event.deltaX || event.deltaY) / plotWidth(widthPx));
  };
  return { onPointerDown, onPointerMove, onPointerUp, onPointerLeave, onWheel };
}

/** Of the pointer, on the chart. */
function placeOf({ clientX, clientY, currentTarget }: TargetedPointerEvent<HTMLElement>) {
  const { left, top } = currentTarget.getBoundingClientRect();
  return { xPx: clientX - left, yPx: clientY - top };
}
