import type { InputStatus } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";
import { describeCounts, STATUS_LOOKS, STATUSES } from "../statuses.ts";
import { StatusIcon } from "./icon.tsx";

/** The counts that are not zero, each as icon and number. */
export function StatusCounts({ counts }: { counts: Readonly<Record<InputStatus, number>> }) {
  return (
    <span class="status-counts" role="img" aria-label={describeCounts(counts)}>
      {STATUSES.filter((status) => counts[status] > 0).map((status) => (
        <span key={status} title={STATUS_LOOKS[status].label}>
          <StatusIcon status={status} />
          {formatCount(counts[status])}
        </span>
      ))}
    </span>
  );
}
