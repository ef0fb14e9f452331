import type { Host } from "../host.ts";
import type { CallPage } from "../state.ts";
import { DetailSplit } from "./detailSplit.tsx";
import { ResultDetail } from "./resultDetail.tsx";
import { ResultFilter } from "./resultFilter.tsx";
import { ResultTable } from "./resultTable.tsx";
import "./results.css";
import "./resultTable.css";
import "./resultDetail.css";

/** The finished inputs as a table; the one result of a call with one input stands alone. */
export function ResultsView({ page, host }: { page: CallPage; host: Host }) {
  const call = page.call.value;
  const onlyRow = call?.inputs === 1 && call.kind !== "map" && page.rows.get(0);
  if (!onlyRow) return <ManyResults page={page} host={host} />;
  return (
    <div class="only-result">
      <ResultDetail page={page} host={host} row={onlyRow} />
    </div>
  );
}

function ManyResults({ page, host }: { page: CallPage; host: Host }) {
  return (
    <div class="results">
      <ResultFilter page={page} host={host} />
      <DetailSplit page={page} host={host}>
        <ResultTable page={page} />
      </DetailSplit>
    </div>
  );
}
