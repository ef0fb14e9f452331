import type { InputStatus, WaterfallWindow } from "../../panel/messages.ts";
import { themeColour } from "../parts/themeColours.ts";
import { AXIS_HEIGHT_PX, NAMES_PX, TimeScale } from "./geometry.ts";
import { ticks } from "./timeAxis.ts";

const PX_PER_TICK = 90;

/** What a canvas has to know of the theme. */
export interface Palette {
  readonly statuses: Readonly<Record<InputStatus, string>>;
  readonly starting: string;
  readonly straggler: string;
  readonly text: string;
  readonly quiet: string;
  readonly separator: string;
  readonly focus: string;
  readonly font: string;
}

export function palette(): Palette {
  return {
    statuses: {
      SUCCESS: themeColour("--success-colour"),
      FAILURE: themeColour("--failure-colour"),
      INIT_FAILURE: themeColour("--failure-colour"),
      TIMEOUT: themeColour("--timeout-colour"),
      TERMINATED: themeColour("--terminated-colour"),
      PENDING: themeColour("--running-colour"),
    },
    starting: themeColour("--vscode-charts-yellow"),
    straggler: themeColour("--straggler-colour"),
    text: themeColour("--vscode-foreground"),
    quiet: themeColour("--quiet-colour"),
    separator: `color-mix(in srgb, ${themeColour("--vscode-foreground")} 14%, transparent)`,
    focus: themeColour("--vscode-focusBorder"),
    font: `11px ${themeColour("--vscode-font-family")}`,
  };
}

/** A canvas of this size in CSS pixels, sharp on any screen, and empty. */
export function preparedCanvas(
  canvas: HTMLCanvasElement,
  widthPx: number,
  heightPx: number,
): CanvasRenderingContext2D | undefined {
  const ratio = window.devicePixelRatio;
  canvas.width = Math.round(widthPx * ratio);
  canvas.height = Math.round(heightPx * ratio);
  canvas.style.width = `${widthPx}px`;
  canvas.style.height = `${heightPx}px`;
  const context = canvas.getContext("2d") ?? undefined;
  context?.scale(ratio, ratio);
  return context;
}

/** Lines at round times, from top to bottom. */
export function drawTicks(
  context: CanvasRenderingContext2D,
  { span, whole }: WaterfallWindow,
  widthPx: number,
  heightPx: number,
  colours: Palette,
  isLabelled: boolean,
): void {
  const scale = new TimeScale(span, widthPx);
  context.font = colours.font;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const { elapsedMs, label } of ticks(span, whole.from, (widthPx - NAMES_PX) / PX_PER_TICK)) {
    const x = Math.round(scale.x(whole.from + elapsedMs));
    context.fillStyle = colours.separator;
    context.fillRect(x, 0, 1, heightPx);
    context.fillStyle = colours.quiet;
    if (isLabelled) context.fillText(label, x + 4, AXIS_HEIGHT_PX / 2);
  }
}

/** Fills the path that was drawn. */
export function fillLightly(context: CanvasRenderingContext2D, colour: string, alpha: number): void {
  context.globalAlpha = alpha;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = 1;
}
