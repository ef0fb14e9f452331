import * as l10n from "@vscode/l10n";
import type { GraphBox } from "../../panel/messages.ts";
import { formatCount, formatInputs } from "../format.ts";
import type { Host } from "../host.ts";
import { Icon, IconButton } from "../parts/icon.tsx";
import { StatusBar } from "../parts/statusBar.tsx";
import { StatusCounts } from "../parts/statusCounts.tsx";
import { STATUSES } from "../statuses.ts";
import type { ShownGraph } from "./shownGraph.ts";

interface GraphBoxProps {
  readonly box: GraphBox;
  /** The page is about the call of this box. */
  readonly isThisCall: boolean;
  /** The buttons of the box can be reached by the Tab key. */
  readonly isActive: boolean;
  readonly graph: ShownGraph;
  readonly host: Host;
  readonly onOpen: () => void;
}

/** A box of the call graph: what it is, how its inputs stand, and what can be done with it. */
export function GraphBoxView({ box, isThisCall, isActive, graph, host, onOpen }: GraphBoxProps) {
  const tabIndex = isActive ? 0 : -1;
  const total = numInputs(box);
  return (
    <div class="graph-box" data-kind={box.kind} data-pile={box.isUnfolded === false} data-failing={box.leadsToFailure}>
      <span class="graph-name">
        <strong title={boxName(box)}>{boxName(box)}</strong>
        {box.isUnfolded !== undefined && <FoldButton box={box} graph={graph} tabIndex={tabIndex} />}
      </span>
      <span class="graph-module quiet">{[boxPlace(box), isThisCall && thisCall(box)].filter(Boolean).join(" · ")}</span>
      {box.leadsToFailure && <span class="unseen">{l10n.t("leads to a failure")}</span>}
      <StatusBar counts={box.counts} total={total} />
      <span class="graph-foot">
        {total > 0 ? <StatusCounts counts={box.counts} /> : <span class="quiet">{l10n.t("No longer known")}</span>}
        {box.kind !== "missing" && <Actions box={box} host={host} tabIndex={tabIndex} onOpen={onOpen} />}
      </span>
      {box.isExpanded !== undefined && <ExpandButton box={box} graph={graph} tabIndex={tabIndex} />}
    </div>
  );
}

interface BoxPartProps {
  readonly box: GraphBox;
  readonly tabIndex: number;
}

function FoldButton({ box, graph, tabIndex }: BoxPartProps & { graph: ShownGraph }) {
  const isUnfolded = box.isUnfolded === true;
  return (
    <button
      type="button"
      class="graph-fold"
      tabIndex={tabIndex}
      title={isUnfolded ? l10n.t("Fold") : l10n.t("Show One by One")}
      aria-pressed={isUnfolded}
      onClick={() => graph.unfold(box, !isUnfolded)}
    >
      {sumText(box)}
      <Icon name={isUnfolded ? "fold" : "unfold"} />
    </button>
  );
}

function ExpandButton({ box, graph, tabIndex }: BoxPartProps & { graph: ShownGraph }) {
  const isExpanded = box.isExpanded === true;
  return (
    <button
      type="button"
      class="graph-expand"
      tabIndex={tabIndex}
      aria-label={isExpanded ? l10n.t("Collapse") : l10n.t("Expand")}
      title={isExpanded ? l10n.t("Collapse") : l10n.t("Expand")}
      onClick={() => graph.expand(box, !isExpanded)}
    >
      <Icon name={isExpanded ? "chevron-left" : "chevron-right"} />
    </button>
  );
}

/** A call by its id has a source and logs, whichever of its inputs is meant. Of many calls the first one stands for all. */
function Actions({ box, host, tabIndex, onOpen }: BoxPartProps & Pick<GraphBoxProps, "host" | "onOpen">) {
  const { kind, functionCallId } = box;
  return (
    <span class="graph-actions">
      <IconButton
        icon="go-to-file"
        label={l10n.t("Go to Definition")}
        tabIndex={tabIndex}
        onClick={() => host.actOnCall("goToDefinition", functionCallId)}
      />
      {kind !== "calls" && (
        <>
          <IconButton icon="list-flat" label={l10n.t("Show Results")} tabIndex={tabIndex} onClick={onOpen} />
          <IconButton
            icon="output"
            label={l10n.t("Follow Logs")}
            tabIndex={tabIndex}
            onClick={() => host.actOnCall("followLogs", functionCallId)}
          />
        </>
      )}
    </span>
  );
}

function boxName({ kind, functionName, functionCallId, inputId }: GraphBox): string {
  if (kind === "missing") return l10n.t("Forgotten inputs");
  return inputId || functionName || functionCallId;
}

/** Where the code is; of an input, whose. */
function boxPlace({ kind, functionName, moduleName }: GraphBox): string {
  return kind === "input" ? functionName : moduleName;
}

/** What a box sums up. */
function sumText(box: GraphBox): string {
  return box.kind === "calls" ? l10n.t`${formatCount(box.numCalls)} calls` : formatInputs(numInputs(box));
}

function numInputs({ counts }: GraphBox): number {
  return STATUSES.reduce((sum, status) => sum + counts[status], 0);
}

function thisCall({ kind }: GraphBox): string | false {
  return kind === "call" && l10n.t("this call");
}
