import * as l10n from "@vscode/l10n";
import type { WaterfallWindow } from "../../panel/messages.ts";
import { formatCount, formatDuration, formatInputs } from "../format.ts";
import { StatusIcon } from "../parts/icon.tsx";
import { STATUS_LOOKS } from "../statuses.ts";
import type { Pointed } from "./pointing.ts";

const WIDTH_PX = 260;
const DISTANCE_PX = 14;

/** What the bar under the pointer stands for. The table says the same to those who have no pointer. */
export function BarHint({ window, pointed, chartPx }: { window: WaterfallWindow; pointed: Pointed; chartPx: number }) {
  const { bar, row, xPx, yPx } = pointed;
  const leftPx = xPx + DISTANCE_PX + WIDTH_PX < chartPx ? xPx + DISTANCE_PX : Math.max(0, xPx - DISTANCE_PX - WIDTH_PX);
  const isOne = bar.inputs === 1;
  return (
    <div class="waterfall-hint" aria-hidden="true" style={{ left: `${leftPx}px`, top: `${yPx + DISTANCE_PX}px` }}>
      <strong>
        <StatusIcon status={bar.status} />
        {isOne ? l10n.t`Input ${formatCount(bar.index)}` : formatInputs(bar.inputs)}
      </strong>
      <span>{isOne && bar.status === "PENDING" ? l10n.t("Running") : STATUS_LOOKS[bar.status].label}</span>
      {isOne && <span>{l10n.t`Queued ${formatDuration(bar.from - window.whole.from)}`}</span>}
      <span>{isOne ? l10n.t`Ran ${formatDuration(bar.to - bar.from)}` : l10n.t("Click to look closer")}</span>
      {bar.isStraggler && <span>{l10n.t("Took far longer than the others")}</span>}
      <span class="quiet mono">{row.container.containerId}</span>
    </div>
  );
}
