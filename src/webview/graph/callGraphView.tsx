import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { GraphOutline } from "../../panel/messages.ts";
import { formatCount, formatInputs } from "../format.ts";
import type { Host } from "../host.ts";
import { type ElementSize, useElementSize } from "../parts/elementSize.ts";
import { Icon, IconButton } from "../parts/icon.tsx";
import type { CallPage } from "../state.ts";
import { GraphDrawing, nodeId } from "./graphDrawing.tsx";
import { failureEnds } from "./graphKeys.ts";
import { type GraphLayout, layGraph, type PlacedNode } from "./graphLayout.ts";
import { usePan } from "./pan.ts";
import type { ShownGraph } from "./shownGraph.ts";
import "./graph.css";

const MARGIN_PX = 20;
const SMALLEST_ZOOM = 0.25;
const GREATEST_ZOOM = 2;
const SMALLEST_FITTING_ZOOM = 0.75;
const ZOOM_STEP = 1.25;

/** Which calls the inputs of this call made, and so on, from left to right. Fits the page until the reader zooms. */
export function CallGraphView({ page, host }: { page: CallPage; host: Host }) {
  const { graph } = page;
  useAttention(graph, host);
  const outline = graph.outline.value;
  const layout = useMemo(() => layGraph(outline?.roots ?? []), [outline]);
  const failures = useMemo(() => failureEnds(layout.nodes), [layout]);
  useFailureInView(graph, failures);
  const [scroller, size] = useElementSize<HTMLDivElement>();
  const pan = usePan(scroller);
  const chosenZoom = useSignal<number | undefined>(undefined);
  const zoom = chosenZoom.value ?? fittingZoom(layout, size);
  useReadersPlace(scroller, graph, layout, zoom);
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
      {outline && <Missing outline={outline} />}
      <div class="graph-scroller" ref={scroller} onWheel={zoomByWheel} {...pan}>
        {layout.nodes.length === 0 ? (
          <p class="empty">{outline ? l10n.t("No call graph yet.") : l10n.t("Loading…")}</p>
        ) : (
          <GraphDrawing page={page} host={host} layout={layout} zoom={zoom} marginPx={MARGIN_PX} />
        )}
      </div>
      <div class="graph-tools">
        {outline && <Size outline={outline} />}
        {failures.length > 0 && (
          <IconButton
            icon="error"
            label={l10n.t("Show Next Failure")}
            onClick={() => showNextFailure(graph, failures)}
          />
        )}
        <IconButton icon="zoom-out" label={l10n.t("Zoom Out")} onClick={() => zoomBy(1 / ZOOM_STEP)} />
        <IconButton icon="zoom-in" label={l10n.t("Zoom In")} onClick={() => zoomBy(ZOOM_STEP)} />
        <IconButton icon="screen-normal" label={l10n.t("Fit to Page")} onClick={() => (chosenZoom.value = undefined)} />
      </div>
    </div>
  );
}

/** Tells the host what is looked at, for as long as something is. */
function useAttention(graph: ShownGraph, host: Host): void {
  const { choices } = graph;
  useEffect(() => host.showGraph(choices), [host, JSON.stringify(choices)]);
  useEffect(() => () => host.showGraph(undefined), [host]);
}

/** Brings the first failure into view when it comes, unless the reader is busy in the graph. */
function useFailureInView(graph: ShownGraph, failures: readonly PlacedNode[]): void {
  const hadFailures = useRef(false);
  useLayoutEffect(() => {
    const [first] = failures;
    if (first && !hadFailures.current && graph.activeId.peek() === undefined) {
      document.getElementById(nodeId(first))?.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    hadFailures.current = first !== undefined;
  }, [failures]);
}

/** Keeps the box that the reader last chose where it is while the boxes around it change. */
function useReadersPlace(
  scroller: RefObject<HTMLElement | null>,
  graph: ShownGraph,
  { nodes }: GraphLayout,
  zoom: number,
): void {
  const before = useRef<{ readonly id: string; readonly xPx: number; readonly yPx: number } | undefined>(undefined);
  useLayoutEffect(() => {
    const node = nodes.find((candidate) => nodeId(candidate) === graph.activeId.value);
    const here = node && { id: nodeId(node), xPx: node.leftPx * zoom, yPx: node.topPx * zoom };
    const { current: there } = before;
    if (here && there?.id === here.id) scroller.current?.scrollBy(here.xPx - there.xPx, here.yPx - there.yPx);
    before.current = here;
  });
}

/** Goes from failure to failure, and from the last one to the first. */
function showNextFailure(graph: ShownGraph, failures: readonly PlacedNode[]): void {
  const current = failures.findIndex((node) => nodeId(node) === graph.activeId.peek());
  const next = failures[(current + 1) % failures.length];
  if (next) document.getElementById(nodeId(next))?.focus();
}

function Size({ outline: { numCalls, numInputs } }: { outline: GraphOutline }) {
  const calls = numCalls === 1 ? l10n.t("1 call") : l10n.t`${formatCount(numCalls)} calls`;
  return (
    <span class="graph-size quiet">
      {calls} · {formatInputs(numInputs)}
    </span>
  );
}

/** Servers forget inputs after a while, and say nothing of it. */
function Missing({ outline: { numEmptyCalls, numOrphans } }: { outline: GraphOutline }) {
  const parts = [
    numOrphans > 0 && l10n.t`what made ${formatCount(numOrphans)} of the calls`,
    numEmptyCalls > 0 && l10n.t`the inputs of ${formatCount(numEmptyCalls)} calls`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return null;
  return (
    <p class="graph-missing" role="status">
      <Icon name="info" />
      {l10n.t`This call graph is not whole. The server no longer tells of ${parts.join(", ")}.`}
    </p>
  );
}

/** Shows the whole graph where its text stays readable; otherwise there is something to scroll. */
function fittingZoom(layout: GraphLayout, { widthPx, heightPx }: ElementSize): number {
  if (widthPx === 0 || layout.nodes.length === 0) return 1;
  const across = (widthPx - 2 * MARGIN_PX) / layout.widthPx;
  const down = (heightPx - 2 * MARGIN_PX) / layout.heightPx;
  return Math.min(1, Math.max(SMALLEST_FITTING_ZOOM, Math.min(across, down)));
}
