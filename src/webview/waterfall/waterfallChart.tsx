import { type Signal, useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { TimeSpan, WaterfallWindow } from "../../panel/messages.ts";
import { useElementSize } from "../parts/elementSize.ts";
import { useThemeVersion } from "../parts/themeColours.ts";
import type { CallPage } from "../state.ts";
import { BarHint } from "./barHint.tsx";
import { palette, preparedCanvas } from "./canvas.ts";
import { drawHead } from "./drawHead.ts";
import { drawRows } from "./drawRows.ts";
import { HEAD_HEIGHT_PX, plotWidth, ROW_HEIGHT_PX } from "./geometry.ts";
import { type Pointed, usePointing } from "./pointing.ts";
import { type ScrollView, useScrollView } from "./scrollView.ts";
import { keyTarget } from "./waterfallKeys.ts";

/** Of the width of a screen's dot: more than this nobody could tell apart. */
const PX_PER_BIN = 2;
/** Rows beyond each edge of the part in view, so that they are there when it is scrolled. */
const OVERSCAN_ROWS = 8;

interface WaterfallChartProps {
  readonly page: CallPage;
  readonly window: WaterfallWindow | undefined;
  /** What is shown; undefined for all of the call. */
  readonly span: Signal<TimeSpan | undefined>;
}

/** The waterfall on a canvas, with the rows in view only. Its table says the same in words. */
export function WaterfallChart({ page, window, span }: WaterfallChartProps) {
  const [element, { widthPx }] = useElementSize<HTMLDivElement>();
  const view = useScrollView();
  const pointed = useSignal<Pointed | undefined>(undefined);
  const bins = Math.ceil(plotWidth(widthPx) / PX_PER_BIN);
  const firstRow = Math.max(0, Math.floor(view.topPx / ROW_HEIGHT_PX) - OVERSCAN_ROWS);
  const rows = Math.ceil(view.heightPx / ROW_HEIGHT_PX) + 2 * OVERSCAN_ROWS;
  const wantedSpan = span.value;
  useLayoutEffect(() => {
    if (widthPx > 0) page.waterfall.look({ span: wantedSpan, bins, firstRow, rows });
  }, [page, wantedSpan, bins, firstRow, rows, widthPx > 0]);
  const pointing = usePointing({ page, window, span, widthPx, topPx: view.topPx, pointed });
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key === "Escape") page.rows.open(undefined);
    const target = window && keyTarget(event.key, span.value ?? window.whole, window.whole);
    if (!target) return;
    event.preventDefault();
    if (target.scrollRows) view.scroller.current?.scrollBy({ top: target.scrollRows * ROW_HEIGHT_PX });
    else span.value = target.span;
  };
  return (
    <div
      class="waterfall-chart"
      ref={element}
      role="application"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes keys.
      tabIndex={0}
      aria-label={l10n.t("Waterfall: arrows move, plus and minus zoom. The button Show Table says it in words.")}
      onKeyDown={onKeyDown}
      {...pointing}
    >
      <Drawing page={page} window={window} widthPx={widthPx} view={view} pointed={pointed.value} />
      {window?.totalRows === 0 && <p class="empty waterfall-empty">{emptyText(page)}</p>}
      {window && pointed.value && <BarHint window={window} pointed={pointed.value} chartPx={widthPx} />}
    </div>
  );
}

interface DrawingProps {
  readonly page: CallPage;
  readonly window: WaterfallWindow | undefined;
  readonly widthPx: number;
  readonly view: ScrollView;
  readonly pointed: Pointed | undefined;
}

function Drawing({ page, window, widthPx, view, pointed }: DrawingProps) {
  const { scroller, heightPx, topPx } = view;
  const head = useRef<HTMLCanvasElement>(null);
  const body = useRef<HTMLCanvasElement>(null);
  const themeVersion = useThemeVersion();
  const openedIndex = page.rows.openedIndex.value;
  const pointedBar = pointed?.bar;
  useLayoutEffect(() => {
    if (!window || widthPx === 0 || !head.current || !body.current) return;
    const colours = palette();
    const above = preparedCanvas(head.current, widthPx, HEAD_HEIGHT_PX);
    if (above) drawHead(above, { window, widthPx, queuedLabel: l10n.t("Queued") }, colours);
    const below = preparedCanvas(body.current, widthPx, heightPx);
    if (below) drawRows(below, { window, widthPx, heightPx, topPx, openedIndex, pointed: pointedBar }, colours);
  }, [window, widthPx, heightPx, topPx, openedIndex, pointedBar, themeVersion]);
  return (
    <>
      <canvas ref={head} />
      <div class="waterfall-rows" ref={scroller}>
        <div class="virtual-space" style={{ height: `${(window?.totalRows ?? 0) * ROW_HEIGHT_PX}px` }}>
          <canvas ref={body} class="waterfall-canvas" />
        </div>
      </div>
    </>
  );
}

function emptyText({ call }: CallPage): string {
  return call.value?.finishedAt === undefined
    ? l10n.t("No input has begun yet.")
    : l10n.t("No input of this call ever began.");
}
