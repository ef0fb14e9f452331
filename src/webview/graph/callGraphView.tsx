import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useEffect } from "preact/hooks";
import { formatCount } from "../format.ts";
import type { Host } from "../host.ts";
import { type ElementSize, useElementSize } from "../parts/elementSize.ts";
import { IconButton } from "../parts/icon.tsx";
import { StatusBar } from "../parts/statusBar.tsx";
import { StatusCounts } from "../parts/statusCounts.tsx";
import type { CallPage } from "../state.ts";
import { STATUSES } from "../statuses.ts";
import { type FoldedCall, foldCalls } from "./foldCalls.ts";
import { type GraphLayout, layGraph, NODE_HEIGHT_PX, NODE_WIDTH_PX, type PlacedCall } from "./graphLayout.ts";
import "./graph.css";

const MARGIN_PX = 20;
const SMALLEST_ZOOM = 0.25;
const GREATEST_ZOOM = 2;
const SMALLEST_FITTING_ZOOM = 0.5;
const ZOOM_STEP = 1.25;

/** Which calls the inputs of this call made, and so on, from left to right. Fits the page until the reader zooms. */
export function CallGraphView({ page, host }: { page: CallPage; host: Host }) {
  const [scroller, size] = useElementSize<HTMLDivElement>();
  const chosenZoom = useSignal<number | undefined>(undefined);
  useEffect(() => {
    host.showGraph(true);
    return () => host.showGraph(false);
  }, [host]);
  const layout = layGraph(foldCalls(page.roots.value));
  const zoom = chosenZoom.value ?? fittingZoom(layout, size);
  const zoomBy = (factor: number) => {
    chosenZoom.value = Math.min(GREATEST_ZOOM, Math.max(SMALLEST_ZOOM, zoom * factor));
  };
  const zoomByWheel = (event: WheelEvent) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomBy(event.deltaY < 0 ? ZOOM_STEP : 1 / ZOOM_STEP);
  };
  return (
    <div class="graph">
      <div class="graph-scroller" ref={scroller} onWheel={zoomByWheel}>
        {layout.nodes.length === 0 && <p class="empty">{l10n.t("No call graph yet.")}</p>}
        <Drawing layout={layout} zoom={zoom} onOpen={(call) => host.openSource(call.functionCallId)} />
      </div>
      <div class="graph-zoom">
        <IconButton icon="zoom-out" label={l10n.t("Zoom Out")} onClick={() => zoomBy(1 / ZOOM_STEP)} />
        <IconButton icon="zoom-in" label={l10n.t("Zoom In")} onClick={() => zoomBy(ZOOM_STEP)} />
        <IconButton icon="screen-normal" label={l10n.t("Fit to Page")} onClick={() => (chosenZoom.value = undefined)} />
      </div>
    </div>
  );
}

/** Shows the whole graph where its text stays readable; otherwise there is something to scroll. */
function fittingZoom(layout: GraphLayout, { widthPx, heightPx }: ElementSize): number {
  if (widthPx === 0 || layout.nodes.length === 0) return 1;
  const across = (widthPx - 2 * MARGIN_PX) / layout.widthPx;
  const down = (heightPx - 2 * MARGIN_PX) / layout.heightPx;
  return Math.min(1, Math.max(SMALLEST_FITTING_ZOOM, Math.min(across, down)));
}

interface DrawingProps {
  readonly layout: GraphLayout;
  readonly zoom: number;
  readonly onOpen: (call: FoldedCall) => void;
}

function Drawing({ layout, zoom, onOpen }: DrawingProps) {
  const size = { width: `${layout.widthPx}px`, height: `${layout.heightPx}px` };
  return (
    <div
      class="graph-space"
      style={{
        width: `${layout.widthPx * zoom + 2 * MARGIN_PX}px`,
        height: `${layout.heightPx * zoom + 2 * MARGIN_PX}px`,
      }}
    >
      <div
        class="graph-drawing"
        style={{ ...size, transform: `translate(${MARGIN_PX}px, ${MARGIN_PX}px) scale(${zoom})` }}
      >
        <svg class="graph-edges" style={size} aria-hidden="true">
          {layout.edges.map((path) => (
            <path key={path} d={path} />
          ))}
        </svg>
        {layout.nodes.map((placed) => (
          <CallNode key={placed.call.functionCallId} placed={placed} onOpen={onOpen} />
        ))}
      </div>
    </div>
  );
}

function CallNode({ placed, onOpen }: { placed: PlacedCall; onOpen: (call: FoldedCall) => void }) {
  const { call, leftPx, topPx } = placed;
  const total = STATUSES.reduce((sum, status) => sum + call.counts[status], 0);
  return (
    <button
      type="button"
      class="graph-node"
      title={l10n.t`Open the source of ${call.functionName} (${call.functionCallId})`}
      style={{ left: `${leftPx}px`, top: `${topPx}px`, width: `${NODE_WIDTH_PX}px`, height: `${NODE_HEIGHT_PX}px` }}
      onClick={() => onOpen(call)}
    >
      <span class="graph-name">
        <strong>{call.functionName}</strong>
        {call.calls > 1 && <span class="quiet">{l10n.t`${formatCount(call.calls)} calls`}</span>}
      </span>
      <span class="graph-module quiet">{call.moduleName}</span>
      <StatusBar counts={call.counts} total={total} />
      <StatusCounts counts={call.counts} />
    </button>
  );
}
