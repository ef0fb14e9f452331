import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect } from "preact/hooks";
import type { ContainerFacts, WaterfallWindow } from "../../panel/messages.ts";
import { formatCount, formatDuration, formatInputs } from "../format.ts";
import type { CallPage } from "../state.ts";

/** Rows that are shown at first, and so many more with each click. */
const STEP_ROWS = 200;

/** The waterfall in words: a line for each container, in the order in which they began to work. */
export function WaterfallTable({ page, window }: { page: CallPage; window: WaterfallWindow | undefined }) {
  const rows = useSignal(STEP_ROWS);
  const wanted = rows.value;
  // Nothing is drawn, so one bin is enough.
  useLayoutEffect(() => page.waterfall.look({ span: undefined, bins: 1, firstRow: 0, rows: wanted }), [page, wanted]);
  const containers = (window?.rows ?? []).filter(({ slot }) => slot === 0).map(({ container }) => container);
  const showMore = () => {
    rows.value += STEP_ROWS;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it.
    <section class="waterfall-words" tabIndex={0} aria-label={l10n.t("Containers")}>
      <table class="waterfall-table">
        <thead>
          <tr>
            <th scope="col">{l10n.t("Container")}</th>
            <th scope="col">{l10n.t("Began after")}</th>
            <th scope="col">{l10n.t("Start-up")}</th>
            <th scope="col">{l10n.t("Inputs")}</th>
            <th scope="col">{l10n.t("Busy")}</th>
            <th scope="col">{l10n.t("Longest input")}</th>
          </tr>
        </thead>
        <tbody>
          {window &&
            containers.map((container) => (
              <ContainerRow key={container.containerId} page={page} container={container} from={window.whole.from} />
            ))}
        </tbody>
      </table>
      {window && window.totalRows > wanted && (
        <button type="button" class="link-button" onClick={showMore}>
          {l10n.t`Show more (${formatCount(window.containers)} containers in all)`}
        </button>
      )}
    </section>
  );
}

interface ContainerRowProps {
  readonly page: CallPage;
  readonly container: ContainerFacts;
  /** When the call was made. */
  readonly from: number;
}

function ContainerRow({ page, container, from }: ContainerRowProps) {
  const { containerId, startup, ready, inputs, busy, longest } = container;
  return (
    <tr>
      <th scope="row" class="mono">
        {containerId}
      </th>
      <td>{formatDuration(ready.from - from)}</td>
      <td>{startup ? formatDuration(startup.to - startup.from) : "–"}</td>
      <td>{formatInputs(inputs)}</td>
      <td>{Math.round(busy * 100)} %</td>
      <td>
        {longest && (
          <button type="button" class="link-button" onClick={() => page.rows.open(longest.index)}>
            {l10n.t`Input ${formatCount(longest.index)}, ${formatDuration(longest.runMs)}`}
          </button>
        )}
      </td>
    </tr>
  );
}
