import { type Signal, useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { TimeSpan, WaterfallWindow } from "../../panel/messages.ts";
import { formatCount, formatDuration } from "../format.ts";
import { Icon, IconButton } from "../parts/icon.tsx";
import type { CallPage } from "../state.ts";
import { zoomed } from "./timeAxis.ts";

const ZOOM_STEP = 2;

interface WaterfallHeadProps {
  readonly page: CallPage;
  readonly window: WaterfallWindow | undefined;
  /** What the chart shows; undefined for all of the call. */
  readonly span: Signal<TimeSpan | undefined>;
  readonly isTable: Signal<boolean>;
}

/** What the drawing means, what stands out in it, and the buttons for those who have no wheel. */
export function WaterfallHead({ page, window, span, isTable }: WaterfallHeadProps) {
  const zoomBy = (factor: number) => {
    if (window) span.value = zoomed(span.value ?? window.whole, window.whole, factor);
  };
  return (
    <div class="waterfall-head">
      <Legend />
      {window && <Stragglers page={page} window={window} />}
      {window && window.unknownStarts > 0 && <UnknownStarts count={window.unknownStarts} />}
      <span class="waterfall-buttons">
        {!isTable.value && (
          <>
            <IconButton icon="zoom-out" label={l10n.t("Zoom Out")} onClick={() => zoomBy(1 / ZOOM_STEP)} />
            <IconButton icon="zoom-in" label={l10n.t("Zoom In")} onClick={() => zoomBy(ZOOM_STEP)} />
            <IconButton
              icon="screen-normal"
              label={l10n.t("Show Whole Call")}
              onClick={() => (span.value = undefined)}
            />
          </>
        )}
        <IconButton
          icon={isTable.value ? "graph" : "table"}
          label={isTable.value ? l10n.t("Show Chart") : l10n.t("Show Table")}
          onClick={() => (isTable.value = !isTable.value)}
        />
      </span>
    </div>
  );
}

function Legend() {
  const entries = [
    ["queued", l10n.t("Queued")],
    ["starting", l10n.t("Starting")],
    ["running", l10n.t("Running")],
    ["success", l10n.t("Success")],
    ["failure", l10n.t("Failure")],
    ["idle", l10n.t("Idle")],
  ] as const;
  return (
    <span class="waterfall-legend">
      {entries.map(([kind, label]) => (
        <span key={kind}>
          <span class="waterfall-key" data-kind={kind} />
          {label}
        </span>
      ))}
    </span>
  );
}

/** How many inputs took far longer than the others. Each click opens the next one's result, the longest first. */
function Stragglers({ page, window }: { page: CallPage; window: WaterfallWindow }) {
  const next = useSignal(0);
  const { count, indexes } = window.stragglers;
  if (count === 0 || window.stragglerMs === undefined) return null;
  const openNext = () => {
    page.rows.open(indexes[next.value % indexes.length]);
    next.value += 1;
  };
  return (
    <button
      type="button"
      class="link-button waterfall-stragglers"
      title={l10n.t`Opens the next input that ran for more than ${formatDuration(window.stragglerMs)}, twice what 95 of 100 need`}
      disabled={indexes.length === 0}
      onClick={openNext}
    >
      <Icon name="triangle-down" />
      {count === 1 ? l10n.t("1 straggler") : l10n.t`${formatCount(count)} stragglers`}
    </button>
  );
}

function UnknownStarts({ count }: { count: number }) {
  return (
    <span class="quiet">
      {count === 1
        ? l10n.t("The start of 1 container is not known any more.")
        : l10n.t`The starts of ${formatCount(count)} containers are not known any more.`}
    </span>
  );
}
