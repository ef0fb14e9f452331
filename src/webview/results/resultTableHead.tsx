import * as l10n from "@vscode/l10n";
import type { RowOrder } from "../../panel/messages.ts";
import { Icon } from "../parts/icon.tsx";
import type { ShownRows } from "./shownRows.ts";

interface ResultTableHeadProps {
  readonly rows: ShownRows;
  /** Keys of dictionaries that have a column each, in place of the result in a line. */
  readonly columns: readonly string[];
}

/** The names of the columns; each sorts. */
export function ResultTableHead({ rows, columns }: ResultTableHeadProps) {
  return (
    <thead>
      <tr class="result-columns result-head">
        <SortButton rows={rows} by="index" label={l10n.t("Index")} place="number-column" />
        <SortButton rows={rows} by="status" label={l10n.t("Status")} place="status-column" />
        {columns.length === 0 && <SortButton rows={rows} by="preview" label={l10n.t("Result")} />}
        {columns.map((key) => (
          <SortButton key={key} rows={rows} by={`cell:${key}`} label={key} />
        ))}
        <SortButton rows={rows} by="duration" label={l10n.t("Duration")} place="number-column" />
        <SortButton rows={rows} by="container" label={l10n.t("Container")} place="container-column" />
      </tr>
    </thead>
  );
}

interface SortButtonProps {
  readonly rows: ShownRows;
  readonly by: RowOrder["by"];
  readonly label: string;
  readonly place?: string;
}

function SortButton({ rows, by, label, place }: SortButtonProps) {
  const { order } = rows.selection;
  const sorted = order.by === by;
  const direction = order.descending ? "descending" : "ascending";
  const sort = () => rows.select({ ...rows.selection, order: { by, descending: sorted && !order.descending } });
  return (
    <th scope="col" class={place} aria-sort={sorted ? direction : "none"}>
      <button type="button" class="sort-button" title={label} onClick={sort}>
        {sorted && <Icon name={order.descending ? "arrow-down" : "arrow-up"} />}
        <span class="sort-label">{label}</span>
      </button>
    </th>
  );
}
