import * as l10n from "@vscode/l10n";
import type { GraphBox } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";
import { IconButton } from "../parts/icon.tsx";
import type { ShownGraph } from "./shownGraph.ts";

interface GraphPagerProps {
  /** What has more below it than is drawn. */
  readonly box: GraphBox;
  readonly graph: ShownGraph;
  readonly isActive: boolean;
}

/** Which part of what is below a box is drawn, and the way to the others. */
export function GraphPager({ box, graph, isActive }: GraphPagerProps) {
  const { first, children, numChildren } = box;
  const tabIndex = isActive ? 0 : -1;
  return (
    <div class="graph-pager">
      {first > 0 && (
        <IconButton
          icon="arrow-up"
          label={l10n.t("Show Earlier")}
          tabIndex={tabIndex}
          onClick={() => graph.showFrom(box, first - children.length)}
        />
      )}
      <span class="quiet">{pagerText(box)}</span>
      {first + children.length < numChildren && (
        <IconButton
          icon="arrow-down"
          label={l10n.t("Show Later")}
          tabIndex={tabIndex}
          onClick={() => graph.showFrom(box, first + children.length)}
        />
      )}
    </div>
  );
}

function pagerText({ first, children, numChildren }: GraphBox): string {
  return l10n.t`${formatCount(first + 1)}–${formatCount(first + children.length)} of ${formatCount(numChildren)}`;
}

/** Position of the first of the next part; after the last part comes the first one. */
export function nextFirst({ first, children, numChildren }: GraphBox): number {
  const next = first + children.length;
  return next < numChildren ? next : 0;
}
