import * as l10n from "@vscode/l10n";
import type { TargetedKeyboardEvent } from "preact";
import type { GraphBox } from "../../panel/messages.ts";
import type { Host } from "../host.ts";
import type { CallPage } from "../state.ts";
import { GraphBoxView } from "./graphBoxView.tsx";
import { keyMeaning } from "./graphKeys.ts";
import { type GraphLayout, NODE_HEIGHT_PX, NODE_WIDTH_PX, type PlacedNode } from "./graphLayout.ts";
import { GraphPager, nextFirst } from "./graphPager.tsx";

export function nodeId({ kind, box }: PlacedNode): string {
  return `graph-${kind}-${box.key}`;
}

interface GraphDrawingProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly layout: GraphLayout;
  readonly zoom: number;
  readonly marginPx: number;
}

/** The boxes and the curves between them: a tree for those who use the keys or hear the page. */
export function GraphDrawing({ page, host, layout, zoom, marginPx }: GraphDrawingProps) {
  const { graph } = page;
  const { nodes } = layout;
  const size = { width: `${layout.widthPx}px`, height: `${layout.heightPx}px` };
  const active = nodes.find((node) => nodeId(node) === graph.activeId.value) ?? nodes[0];
  const open = (box: GraphBox) => openBox(page, host, box);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    // The buttons of a box have keys of their own.
    if (!active || !(event.target instanceof Element) || event.target.role !== "treeitem") return;
    const meaning = keyMeaning(event.key, nodes, active);
    if (!meaning) return;
    event.preventDefault();
    const { box } = active;
    if (meaning.act === "focus") document.getElementById(nodeId(meaning.node))?.focus();
    else if (active.kind === "pager") graph.showFrom(box, nextFirst(box));
    else if (meaning.act === "open") open(box);
    else if (meaning.act === "unfold") box.isUnfolded !== undefined && graph.unfold(box, !box.isUnfolded);
    else graph.expand(box, meaning.act === "expand");
  };
  return (
    <div
      class="graph-space"
      style={{
        width: `${layout.widthPx * zoom + 2 * marginPx}px`,
        height: `${layout.heightPx * zoom + 2 * marginPx}px`,
      }}
    >
      <div
        class="graph-drawing"
        style={{ ...size, transform: `translate(${marginPx}px, ${marginPx}px) scale(${zoom})` }}
      >
        <svg class="graph-edges" style={size} aria-hidden="true">
          {layout.edges.map(({ path, leadsToFailure }) => (
            <path key={path} d={path} class={leadsToFailure ? "graph-failing" : undefined} />
          ))}
        </svg>
        <div role="tree" aria-label={l10n.t("Call Graph")} onKeyDown={onKeyDown}>
          {/* All are siblings, and say how deep they are. */}
          {nodes.map((node) => (
            <GraphNode
              key={nodeId(node)}
              page={page}
              host={host}
              node={node}
              open={open}
              isActive={node === active}
              isThisCall={nodes.length > 1 && isOfThisCall(page, node.box)}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface GraphNodeProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly node: PlacedNode;
  /** Only the active node is reached by the Tab key. */
  readonly isActive: boolean;
  readonly isThisCall: boolean;
  readonly open: (box: GraphBox) => void;
}

function GraphNode({ page, host, node, isActive, isThisCall, open }: GraphNodeProps) {
  const { graph } = page;
  const { kind, box } = node;
  return (
    <div
      id={nodeId(node)}
      class="graph-node"
      role="treeitem"
      aria-level={node.level}
      aria-posinset={node.position}
      aria-setsize={node.siblings}
      aria-expanded={kind === "box" ? box.isExpanded : undefined}
      tabIndex={isActive ? 0 : -1}
      style={place(node)}
      onFocusIn={() => {
        graph.activeId.value = nodeId(node);
      }}
    >
      {kind === "box" ? (
        <GraphBoxView
          box={box}
          isThisCall={isThisCall}
          isActive={isActive}
          graph={graph}
          host={host}
          onOpen={() => open(box)}
        />
      ) : (
        <GraphPager box={box} graph={graph} isActive={isActive} />
      )}
    </div>
  );
}

function place({ leftPx, topPx }: PlacedNode) {
  return { left: `${leftPx}px`, top: `${topPx}px`, width: `${NODE_WIDTH_PX}px`, height: `${NODE_HEIGHT_PX}px` };
}

/** Goes to the result of an input of this call, or to the call itself. */
function openBox(page: CallPage, host: Host, box: GraphBox): void {
  const { kind, functionCallId, inputId } = box;
  if (kind === "missing" || kind === "calls") return;
  if (!isOfThisCall(page, box)) host.actOnCall("showCall", functionCallId);
  else if (kind === "input") page.showResultOf(inputId);
  else page.tab.value = "Results";
}

function isOfThisCall(page: CallPage, { functionCallId }: GraphBox): boolean {
  return functionCallId === page.call.value?.functionCallId;
}
