import type { WaterfallWindow } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";
import { drawTicks, fillLightly, type Palette } from "./canvas.ts";
import { AXIS_HEIGHT_PX, HEAD_HEIGHT_PX, NAMES_PX, TEXT_INSET_PX, TimeScale } from "./geometry.ts";

/** The times, and below them how many inputs wait. */
export function drawHead(
  context: CanvasRenderingContext2D,
  { window, widthPx, queuedLabel }: { window: WaterfallWindow; widthPx: number; queuedLabel: string },
  colours: Palette,
): void {
  drawTicks(context, window, widthPx, HEAD_HEIGHT_PX, colours, true);
  const scale = new TimeScale(window.span, widthPx);
  const [top, bottom] = [AXIS_HEIGHT_PX + 6, HEAD_HEIGHT_PX - 1];
  const binMs = (window.span.to - window.span.from) / window.queued.length;
  context.beginPath();
  context.moveTo(scale.x(window.span.from), bottom);
  for (const [bin, waiting] of window.queued.entries()) {
    const y = bottom - (waiting / Math.max(1, window.inputs)) * (bottom - top);
    context.lineTo(scale.x(window.span.from + bin * binMs), y);
    context.lineTo(scale.x(window.span.from + (bin + 1) * binMs), y);
  }
  context.lineTo(scale.x(window.span.to), bottom);
  fillLightly(context, colours.quiet, 0.3);
  context.fillStyle = colours.quiet;
  context.textAlign = "left";
  context.fillText(queuedLabel, TEXT_INSET_PX, bottom - 18, NAMES_PX - 2 * TEXT_INSET_PX);
  context.textAlign = "right";
  context.fillText(formatCount(window.queued.at(-1) ?? 0), NAMES_PX - TEXT_INSET_PX, bottom - 18);
  context.fillStyle = colours.separator;
  context.fillRect(0, bottom, widthPx, 1);
}
