import * as l10n from "@vscode/l10n";
import { formatCount } from "../format.ts";
import type { CallPage } from "../state.ts";
import { LogList } from "./logList.tsx";
import "./logs.css";

/** What user code printed. Follows the newest line until the reader scrolls up. */
export function LogsView({ page }: { page: CallPage }) {
  if (page.logs.lines.length === 0) return <p class="empty">{l10n.t("Nothing was printed yet.")}</p>;
  return (
    <>
      {page.logs.dropped > 0 && (
        <p class="logs-dropped">{l10n.t`The first ${formatCount(page.logs.dropped)} lines are no longer shown.`}</p>
      )}
      <LogList linesOf={() => page.logs.lines} />
    </>
  );
}
