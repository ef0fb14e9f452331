import type { Cell, ResultRow } from "../../panel/messages.ts";
import { durationMs, formatCount, formatDuration } from "../format.ts";
import { Icon, StatusIcon } from "../parts/icon.tsx";
import { STATUS_LOOKS } from "../statuses.ts";

interface ResultTableRowProps {
  readonly row: ResultRow;
  readonly position: number;
  readonly topPx: number;
  /** Keys of dictionaries that have a column each. */
  readonly columns: readonly string[];
  readonly selected: boolean;
  readonly onClick: () => void;
}

export function rowId(index: number): string {
  return `result-${index}`;
}

/** One finished input: its result in a line, or by the keys of a dictionary. */
export function ResultTableRow({ row, position, topPx, columns, selected, onClick }: ResultTableRowProps) {
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
      <td class="status-column" title={STATUS_LOOKS[row.status].label}>
        <StatusIcon status={row.status} />
        {STATUS_LOOKS[row.status].label}
      </td>
      {row.cells && columns.length > 0 ? (
        <Cells cells={row.cells} columns={columns} />
      ) : (
        <Preview row={row} span={columns.length} />
      )}
      <td class="number-column quiet">{formatDuration(durationMs(row))}</td>
      <td class="container-column quiet mono" title={row.containerId}>
        {row.containerId}
      </td>
    </tr>
  );
}

function Preview({ row, span }: { row: ResultRow; span: number }) {
  return (
    <td
      class="preview-column mono"
      data-kind={row.kind}
      {...(span > 1 && { colSpan: span, style: { gridColumn: `span ${span}` } })}
    >
      {row.kind === "image" && <Icon name="file-media" />}
      {row.preview}
    </td>
  );
}

function Cells({ cells, columns }: { cells: Readonly<Record<string, Cell>>; columns: readonly string[] }) {
  return columns.map((key) => {
    const cell = Object.hasOwn(cells, key) ? cells[key] : undefined;
    return (
      <td key={key} class="cell-column mono" data-type={cell === null ? "null" : typeof cell}>
        {cell === undefined ? "" : String(cell)}
      </td>
    );
  });
}
