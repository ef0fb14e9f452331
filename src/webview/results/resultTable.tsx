import type { Signal } from "@preact/signals";
import type { TargetedEvent, TargetedKeyboardEvent } from "preact";
import type { ResultRow } from "../../panel/messages.ts";
import { formatCount, formatDuration } from "../format.ts";
import { Icon, StatusIcon } from "../parts/icon.tsx";
import { useVirtualRows } from "../parts/virtualRows.ts";
import type { CallPage } from "../state.ts";
import { STATUS_LOOKS } from "../statuses.ts";
import { durationMs, type RowOrder, type RowSelection } from "./resultRows.ts";

const ROW_HEIGHT_PX = 24;
const PAGE_ROWS = 20;

interface ResultTableProps {
  readonly page: CallPage;
  readonly rows: readonly ResultRow[];
  readonly selection: Signal<RowSelection>;
}

/** The rows that match the filter. Arrow keys move the selection, which the detail pane shows. */
export function ResultTable({ page, rows, selection }: ResultTableProps) {
  const { scroller, items, totalHeightPx, scrollTo } = useVirtualRows<HTMLTableSectionElement>({
    count: rows.length,
    rowHeightPx: ROW_HEIGHT_PX,
    keyOf: (position) => rows[position]?.index ?? position,
  });
  const open = (position: number) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, position))];
    if (!row) return;
    page.openedIndex.value = row.index;
    scrollTo(rows.indexOf(row));
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLTableElement>) => {
    const opened = rows.findIndex((row) => row.index === page.openedIndex.value);
    const target = keyTarget(event.key, opened, rows.length);
    if (event.key === "Escape") page.openedIndex.value = undefined;
    if (target === undefined) return;
    event.preventDefault();
    open(target);
  };
  return (
    <table
      class="result-table"
      // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its rows can be moved through and chosen.
      role="grid"
      tabIndex={0}
      aria-label="Results"
      aria-rowcount={rows.length + 1}
      aria-activedescendant={page.openedIndex.value === undefined ? undefined : rowId(page.openedIndex.value)}
      onKeyDown={onKeyDown}
    >
      <TableHead selection={selection} />
      <tbody class="result-rows" ref={scroller} tabIndex={-1} onFocus={focusTable}>
        <tr class="virtual-space" style={{ height: `${totalHeightPx}px` }} />
        {rows.length === 0 && <EmptyRow text={emptyText(page)} />}
        {items.map((item) => {
          const row = rows[item.index];
          return (
            row && (
              <TableRow
                key={row.index}
                row={row}
                position={item.index}
                topPx={item.start}
                selected={row.index === page.openedIndex.value}
                onClick={() => open(item.index)}
              />
            )
          );
        })}
      </tbody>
    </table>
  );
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

/** The position that a key leads to, if it is one that moves. */
function keyTarget(key: string, opened: number, count: number): number | undefined {
  switch (key) {
    case "ArrowDown":
      return opened + 1;
    case "ArrowUp":
      return opened - 1;
    case "PageDown":
      return opened + PAGE_ROWS;
    case "PageUp":
      return opened - PAGE_ROWS;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    case "Enter":
      return Math.max(0, opened);
    default:
      return undefined;
  }
}

function emptyText(page: CallPage): string {
  if (page.rows.size > 0) return "No result matches the filter.";
  return page.call.value?.finishedAt === undefined ? "No results yet." : "This call has no results.";
}

function rowId(index: number): string {
  return `result-${index}`;
}

function TableHead({ selection }: { selection: Signal<RowSelection> }) {
  return (
    <thead>
      <tr class="result-columns result-head">
        <SortButton selection={selection} by="index" label="Index" />
        <th scope="col">Status</th>
        <th scope="col">Result</th>
        <SortButton selection={selection} by="duration" label="Duration" />
        <th scope="col" class="container-column">
          Container
        </th>
      </tr>
    </thead>
  );
}

interface SortButtonProps {
  readonly selection: Signal<RowSelection>;
  readonly by: RowOrder["by"];
  readonly label: string;
}

function SortButton({ selection, by, label }: SortButtonProps) {
  const { order } = selection.value;
  const sorted = order.by === by;
  const direction = order.descending ? "descending" : "ascending";
  const sort = () => {
    selection.value = { ...selection.value, order: { by, descending: sorted && !order.descending } };
  };
  return (
    <th scope="col" class="number-column" aria-sort={sorted ? direction : "none"}>
      <button type="button" class="sort-button" onClick={sort}>
        {sorted && <Icon name={order.descending ? "arrow-down" : "arrow-up"} />}
        {label}
      </button>
    </th>
  );
}

interface TableRowProps {
  readonly row: ResultRow;
  readonly position: number;
  readonly topPx: number;
  readonly selected: boolean;
  readonly onClick: () => void;
}

function TableRow({ row, position, topPx, selected, onClick }: TableRowProps) {
  return (
    <tr
      id={rowId(row.index)}
      class="result-columns result-row"
      aria-rowindex={position + 2}
      aria-selected={selected}
      style={{ transform: `translateY(${topPx}px)` }}
      onClick={onClick}
    >
      <td class="number-column quiet">{formatCount(row.index)}</td>
      <td class="status-column">
        <StatusIcon status={row.status} />
        {STATUS_LOOKS[row.status].label}
      </td>
      <td class="preview-column mono" data-kind={row.kind}>
        {row.kind === "image" && <Icon name="file-media" />}
        {row.preview}
      </td>
      <td class="number-column quiet">{formatDuration(durationMs(row))}</td>
      <td class="container-column quiet mono" title={row.containerId}>
        {row.containerId}
      </td>
    </tr>
  );
}
