import * as l10n from "@vscode/l10n";
import { useEffect, useState } from "preact/hooks";
import type { Cell } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";

const RECORDS_PER_PIECE = 100;

interface RecordTableProps {
  readonly columns: readonly string[];
  /** Number of all records. */
  readonly count: number;
  readonly load: (start: number, end: number) => Promise<readonly (readonly (Cell | undefined)[])[]>;
}

/** A list of dictionaries: a row for each, a column for each key. A hundred at first, then more when asked. */
export function RecordTable({ columns, count, load }: RecordTableProps) {
  const [records, setRecords] = useState<readonly (readonly (Cell | undefined)[])[]>([]);
  const loadMore = async () => {
    const more = await load(records.length, records.length + RECORDS_PER_PIECE);
    setRecords((known) => (known.length === records.length ? [...known, ...more] : known));
  };
  useEffect(() => void loadMore(), []);
  const left = count - records.length;
  return (
    <>
      <table class="record-table mono">
        <thead>
          <tr>
            <th scope="col">#</th>
            {columns.map((key) => (
              <th key={key} scope="col">
                {key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {records.map((cells, position) => (
            <tr key={position}>
              <th scope="row">{formatCount(position)}</th>
              {cells.map((cell, column) => (
                <td key={columns[column]} data-type={typeof cell}>
                  {cell === undefined ? "" : String(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && records.length > 0 && (
        <button type="button" class="link-button" onClick={() => void loadMore()}>
          {l10n.t`Show more (${formatCount(left)} are hidden)`}
        </button>
      )}
    </>
  );
}
