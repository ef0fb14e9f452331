import * as l10n from "@vscode/l10n";
import type { TargetedKeyboardEvent } from "preact";
import { useLayoutEffect } from "preact/hooks";
import type { ComparedRow, Sides } from "../../panel/compareMessages.ts";
import type { ResultRow } from "../../panel/messages.ts";
import { durationMs, formatCount, formatDuration } from "../format.ts";
import { useEvenRows } from "../parts/evenRows.ts";
import { Icon, StatusIcon } from "../parts/icon.tsx";
import { listTarget } from "../parts/listKeys.ts";
import type { ComparePage } from "./comparePage.ts";
import { VERDICT_ICONS, verdictLabel } from "./verdicts.ts";

const ROW_HEIGHT_PX = 24;

interface ComparedTableProps {
  readonly page: ComparePage;
  readonly names: Sides<string>;
}

/** The inputs of both calls, a row for each. Arrow keys move the selection, of which both results are shown below. */
export function ComparedTable({ page, names }: ComparedTableProps) {
  const matching = page.window.value?.matching ?? 0;
  const view = useEvenRows<HTMLTableSectionElement>(matching, ROW_HEIGHT_PX, () => undefined);
  const verdict = page.verdict.value;
  useLayoutEffect(() => page.lookAt(view.topPx / ROW_HEIGHT_PX, (view.topPx + view.heightPx) / ROW_HEIGHT_PX));
  useLayoutEffect(() => view.scroller.current?.scrollTo(0, 0), [verdict]);
  const open = (position: number) => {
    page.openAt(position);
    view.scrollTo(position);
  };
  const opened = page.openedIndex.value;
  // The results of the opened row take room from the rows when they come.
  useLayoutEffect(() => {
    if (page.openedPosition >= 0) view.scrollTo(page.openedPosition);
  }, [opened, view.heightPx]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTableElement>) => {
    if (event.key === "Escape") page.open(undefined);
    const target = listTarget(event.key, page.openedPosition, matching);
    if (target === undefined) return;
    event.preventDefault();
    open(target);
  };
  return (
    <table
      class="result-table compare-table"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows can be moved through and chosen.
      role="grid"
      tabIndex={0}
      aria-label={l10n.t("Compared Results")}
      aria-rowcount={matching + 1}
      aria-activedescendant={opened === undefined ? undefined : `compared-${opened}`}
      onKeyDown={onKeyDown}
    >
      <thead>
        <tr class="result-columns compare-columns result-head">
          <th scope="col" class="number-column">
            {l10n.t("Index")}
          </th>
          <th scope="col">{l10n.t("Difference")}</th>
          <th scope="col">{names.left}</th>
          <th scope="col" class="number-column">
            {l10n.t("Duration")}
          </th>
          <th scope="col">{names.right}</th>
          <th scope="col" class="number-column">
            {l10n.t("Duration")}
          </th>
        </tr>
      </thead>
      <tbody class="result-rows" ref={view.scroller} tabIndex={-1}>
        <tr class="virtual-space" style={{ height: `${matching * ROW_HEIGHT_PX}px` }} />
        {matching === 0 && (
          <tr class="empty-row">
            <td class="empty">{page.window.value && emptyText(page)}</td>
          </tr>
        )}
        {view.drawn.map(({ position, slot }) => {
          const row = page.at(position);
          return (
            row && (
              <ComparedTableRow
                key={slot}
                row={row}
                names={names}
                position={position}
                selected={row.index === opened}
                onClick={() => open(position)}
              />
            )
          );
        })}
      </tbody>
    </table>
  );
}

interface ComparedTableRowProps {
  readonly row: ComparedRow;
  readonly names: Sides<string>;
  readonly position: number;
  readonly selected: boolean;
  readonly onClick: () => void;
}

function ComparedTableRow({ row, names, position, selected, onClick }: ComparedTableRowProps) {
  return (
    <tr
      id={`compared-${row.index}`}
      class="result-columns compare-columns result-row"
      aria-rowindex={position + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${position * ROW_HEIGHT_PX}px)` }}
      onClick={onClick}
    >
      <td class="number-column quiet">{formatCount(row.index)}</td>
      <td class="status-column">
        <span class="verdict-icon" data-verdict={row.verdict}>
          <Icon name={VERDICT_ICONS[row.verdict]} />
        </span>
        {verdictLabel(row.verdict, names)}
      </td>
      <ResultCells result={row.left} />
      <ResultCells result={row.right} />
    </tr>
  );
}

function ResultCells({ result }: { result: ResultRow | undefined }) {
  if (!result) {
    return (
      <>
        <td class="preview-column quiet">–</td>
        <td class="number-column" />
      </>
    );
  }
  return (
    <>
      <td class="preview-column mono" data-kind={result.kind}>
        {result.status !== "SUCCESS" && <StatusIcon status={result.status} />}
        {result.preview}
      </td>
      <td class="number-column quiet">{formatDuration(durationMs(result))}</td>
    </>
  );
}

function emptyText(page: ComparePage): string {
  const { left, right } = page.calls.value ?? {};
  const isRunning = left?.finishedAt === undefined || right?.finishedAt === undefined;
  if (isRunning) return l10n.t("Nothing to compare yet.");
  return page.verdict.value === "different" ? l10n.t("No result differs.") : l10n.t("No input is like that.");
}
