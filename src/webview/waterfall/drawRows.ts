import type { TimeSpan, WaterfallBar, WaterfallRow, WaterfallWindow } from "../../panel/messages.ts";
import { drawTicks, fillLightly, type Palette } from "./canvas.ts";
import { NAMES_PX, ROW_HEIGHT_PX, SMALLEST_BAR_PX, shortContainerId, TEXT_INSET_PX, TimeScale } from "./geometry.ts";

const BAR_INSET_PX = 5;
const FAILED_BAR_INSET_PX = 2;
const HATCH_PX = 5;

export interface RowsDrawing {
  readonly window: WaterfallWindow;
  readonly widthPx: number;
  readonly heightPx: number;
  /** How far the rows are scrolled. */
  readonly topPx: number;
  /** The input whose result is open. */
  readonly openedIndex: number | undefined;
  readonly pointed: WaterfallBar | undefined;
}

/** The rows in view: per container its name, its start, when it could run inputs, and those that it ran. */
export function drawRows(context: CanvasRenderingContext2D, drawing: RowsDrawing, colours: Palette): void {
  const { window, widthPx, heightPx, topPx } = drawing;
  drawTicks(context, window, widthPx, heightPx, colours, false);
  const scale = new TimeScale(window.span, widthPx);
  for (const [place, row] of window.rows.entries()) {
    const y = (window.firstRow + place) * ROW_HEIGHT_PX - topPx;
    if (y < -ROW_HEIGHT_PX || y > heightPx) continue;
    if (row.slot === 0) drawName(context, row, y, widthPx, colours);
    drawLife(context, scale, { row, y, whole: window.whole }, colours);
    for (const bar of row.bars) drawBar(context, scale, bar, y, colours);
    for (const bar of row.bars) {
      const isOpened = bar.inputs === 1 && bar.index === drawing.openedIndex;
      if (isOpened || bar === drawing.pointed) outline(context, scale, { bar, y, whole: window.whole }, colours);
    }
  }
}

function drawName(
  context: CanvasRenderingContext2D,
  { container }: WaterfallRow,
  y: number,
  widthPx: number,
  colours: Palette,
): void {
  context.fillStyle = colours.separator;
  if (y > 0) context.fillRect(0, y, widthPx, 1);
  context.fillStyle = colours.text;
  context.textAlign = "left";
  const room = NAMES_PX - 2 * TEXT_INSET_PX - 36;
  context.fillText(shortContainerId(container.containerId), TEXT_INSET_PX, y + ROW_HEIGHT_PX / 2, room);
  context.fillStyle = colours.quiet;
  context.textAlign = "right";
  context.fillText(`${Math.round(container.busy * 100)} %`, NAMES_PX - TEXT_INSET_PX, y + ROW_HEIGHT_PX / 2);
}

interface RowPlace {
  readonly row: WaterfallRow;
  readonly y: number;
  readonly whole: TimeSpan;
}

/** Lightly, how long inputs waited for the container; then its start; then a line for as long as it could run some. */
function drawLife(context: CanvasRenderingContext2D, scale: TimeScale, { row, y, whole }: RowPlace, colours: Palette) {
  const { startup, ready } = row.container;
  const middle = y + ROW_HEIGHT_PX / 2;
  const queued = scale.bar({ from: whole.from, to: (startup ?? ready).from });
  context.beginPath();
  context.rect(queued.leftPx, middle - 2, queued.widthPx, 4);
  fillLightly(context, colours.quiet, 0.25);
  if (startup) drawStartup(context, scale.bar(startup), y, colours);
  const line = scale.bar(ready);
  context.fillStyle = colours.quiet;
  context.fillRect(line.leftPx, Math.round(middle) - 0.5, line.widthPx, 1);
}

/** Hatched, so that it is told from work without its colour. */
function drawStartup(
  context: CanvasRenderingContext2D,
  { leftPx, widthPx }: { leftPx: number; widthPx: number },
  y: number,
  colours: Palette,
): void {
  if (widthPx <= 0) return;
  const [top, height] = [y + BAR_INSET_PX, ROW_HEIGHT_PX - 2 * BAR_INSET_PX];
  context.save();
  context.beginPath();
  context.rect(leftPx, top, widthPx, height);
  context.clip();
  fillLightly(context, colours.starting, 0.2);
  context.strokeStyle = colours.starting;
  context.beginPath();
  // The lines stand still while the reader moves through the time.
  for (let x = Math.floor(leftPx / HATCH_PX) * HATCH_PX - height; x < leftPx + widthPx; x += HATCH_PX) {
    context.moveTo(x, top + height);
    context.lineTo(x + height, top);
  }
  context.stroke();
  context.restore();
  context.strokeStyle = colours.starting;
  context.strokeRect(leftPx + 0.5, top + 0.5, Math.max(0, widthPx - 1), height - 1);
}

function drawBar(context: CanvasRenderingContext2D, scale: TimeScale, bar: WaterfallBar, y: number, colours: Palette) {
  const { leftPx, widthPx } = scale.bar(bar);
  const isFailed = bar.status !== "SUCCESS" && bar.status !== "PENDING";
  const inset = isFailed ? FAILED_BAR_INSET_PX : BAR_INSET_PX;
  // Neighbours are told apart by the gap between them, where there is room for one.
  const drawnPx = Math.max(SMALLEST_BAR_PX, widthPx > 4 ? widthPx - 1 : widthPx);
  context.beginPath();
  context.roundRect(leftPx, y + inset, drawnPx, ROW_HEIGHT_PX - 2 * inset, Math.min(2, drawnPx / 2));
  fillLightly(context, colours.statuses[bar.status], bar.filled === 1 ? 1 : 0.25 + bar.filled * 0.6);
  if (!bar.isStraggler) return;
  context.fillStyle = colours.straggler;
  context.beginPath();
  context.moveTo(leftPx, y + 1);
  context.lineTo(leftPx + 8, y + 1);
  context.lineTo(leftPx + 4, y + 7);
  context.fill();
}

/** Around a bar; and before it, how long the input waited. */
function outline(
  context: CanvasRenderingContext2D,
  scale: TimeScale,
  { bar, y, whole }: { bar: WaterfallBar; y: number; whole: TimeSpan },
  colours: Palette,
): void {
  const { leftPx, widthPx } = scale.bar(bar);
  context.strokeStyle = colours.focus;
  context.lineWidth = 2;
  context.strokeRect(leftPx - 1, y + 2, Math.max(SMALLEST_BAR_PX, widthPx) + 2, ROW_HEIGHT_PX - 4);
  context.lineWidth = 1;
  if (bar.inputs > 1) return;
  const queued = scale.bar({ from: whole.from, to: bar.from });
  context.setLineDash([3, 3]);
  context.beginPath();
  context.moveTo(queued.leftPx, y + ROW_HEIGHT_PX - 3);
  context.lineTo(queued.leftPx + queued.widthPx, y + ROW_HEIGHT_PX - 3);
  context.stroke();
  context.setLineDash([]);
}
