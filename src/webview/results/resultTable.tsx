import * as l10n from "@vscode/l10n";
import type { TargetedEvent, TargetedKeyboardEvent } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { ResultRow } from "../../panel/messages.ts";
import { useElementSize } from "../parts/elementSize.ts";
import { type EvenRows, useEvenRows } from "../parts/evenRows.ts";
import { listTarget } from "../parts/listKeys.ts";
import type { CallPage } from "../state.ts";
import { cellColumns, tableWidth } from "./cellColumns.ts";
import { ResultTableHead } from "./resultTableHead.tsx";
import { ResultTableRow, rowId } from "./resultTableRow.tsx";
import type { ShownRows } from "./shownRows.ts";

const ROW_HEIGHT_PX = 24;

/** The rows that match the filter. Arrow keys move the selection, which the detail pane shows. */
export function ResultTable({ page }: { page: CallPage }) {
  const { rows } = page;
  const [table, { widthPx }] = useElementSize<HTMLTableElement>();
  const columns = cellColumns(rows.columns, widthPx);
  const view = useEvenRows<HTMLTableSectionElement>(rows.matching, ROW_HEIGHT_PX, (topPx) => {
    rows.topPosition.value = topPx / ROW_HEIGHT_PX;
  });
  useReadersPlace(rows, view);
  useLastPlace(rows, view);
  const open = (wanted: number) => {
    const position = Math.max(0, Math.min(rows.matching - 1, wanted));
    rows.openAt(position);
    view.scrollTo(position);
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTableElement>) => {
    const target = listTarget(event.key, rows.openedPosition, rows.matching);
    if (event.key === "Escape") rows.open(undefined);
    if (target === undefined) return;
    event.preventDefault();
    open(target);
  };
  const openedIndex = rows.openedIndex.value;
  return (
    <table
      ref={table}
      class="result-table"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows can be moved through and chosen.
      role="grid"
      tabIndex={0}
      data-width={tableWidth(widthPx)}
      aria-label={l10n.t("Results")}
      aria-rowcount={rows.matching + 1}
      aria-activedescendant={openedIndex === undefined ? undefined : rowId(openedIndex)}
      style={{ "--cells": Math.max(1, columns.length) }}
      onKeyDown={onKeyDown}
    >
      <ResultTableHead rows={rows} columns={columns} />
      <tbody class="result-rows" ref={view.scroller} tabIndex={-1} onFocus={focusTable}>
        <tr class="virtual-space" style={{ height: `${rows.matching * ROW_HEIGHT_PX}px` }} />
        {rows.matching === 0 && <EmptyRow text={emptyText(page)} />}
        {view.drawn.map(({ position, slot }) => {
          const row = rows.at(position);
          return (
            row && (
              <ResultTableRow
                key={slot}
                row={row}
                position={position}
                topPx={position * ROW_HEIGHT_PX}
                columns={columns}
                selected={row.index === openedIndex}
                onClick={() => open(position)}
              />
            )
          );
        })}
      </tbody>
    </table>
  );
}

/** Asks for the rows in view, and keeps the one that the reader looks at where it is while others come in above it. */
function useReadersPlace(rows: ShownRows, { scroller, topPx, heightPx }: EvenRows<HTMLElement>): void {
  const place = useRef<{ readonly row: ResultRow; readonly position: number } | undefined>(undefined);
  const { selection } = rows;
  const shown = useRef(selection);
  useLayoutEffect(() => {
    let scrolledPx = topPx;
    if (shown.current !== selection) {
      // Other rows, or another order: nothing of what was in view is where it was.
      shown.current = selection;
      place.current = undefined;
      scrolledPx = 0;
    }
    const position = place.current ? rows.positionOf(place.current.row.index) : -1;
    if (place.current && position >= 0) scrolledPx += (position - place.current.position) * ROW_HEIGHT_PX;
    if (scroller.current && scrolledPx !== topPx) scroller.current.scrollTop = scrolledPx;
    const top = Math.floor(scrolledPx / ROW_HEIGHT_PX);
    const bottom = Math.ceil((scrolledPx + heightPx) / ROW_HEIGHT_PX);
    // At the very top the reader wants to see the first rows, whichever they are.
    const row = scrolledPx > 0 ? rows.at(top) : undefined;
    place.current = row && { row, position: top };
    rows.lookAt(top, bottom, row);
  });
}

/** Goes where the reader was when the table was last there, once that many rows are there again, unless they scroll first. */
function useLastPlace({ topPosition, matching }: ShownRows, { scroller }: EvenRows<HTMLElement>): void {
  const place = useRef(topPosition.peek());
  useLayoutEffect(() => {
    if (place.current !== topPosition.peek()) place.current = 0;
    if (place.current === 0 || matching <= place.current || !scroller.current) return;
    scroller.current.scrollTop = place.current * ROW_HEIGHT_PX;
    place.current = 0;
  });
}

/** The rows scroll, so a click would leave the focus with them; the keys and the reader's place belong to the table. */
function focusTable(event: TargetedEvent<HTMLTableSectionElement>): void {
  event.currentTarget.closest("table")?.focus({ preventScroll: true });
}

function EmptyRow({ text }: { text: string }) {
  return (
    <tr class="empty-row">
      <td class="empty">{text}</td>
    </tr>
  );
}

function emptyText({ rows, call }: CallPage): string {
  if (rows.size > 0) return l10n.t("No result matches the filter.");
  return call.value?.finishedAt === undefined ? l10n.t("No results yet.") : l10n.t("This call has no results.");
}
