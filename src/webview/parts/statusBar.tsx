import type { InputStatus } from "../../panel/messages.ts";
import { STATUSES } from "../statuses.ts";
import "./statusBar.css";

interface StatusBarProps {
  readonly counts: Readonly<Record<InputStatus, number>>;
  readonly total: number;
}

/** A thin bar with one stretch per status. The numbers stand in words beside it, so it is hidden from screen readers. */
export function StatusBar({ counts, total }: StatusBarProps) {
  return (
    <div class="status-bar" aria-hidden="true">
      {STATUSES.map((status) => {
        const share = total > 0 && status !== "PENDING" ? counts[status] / total : 0;
        return share > 0 && <div key={status} data-status={status} style={{ width: `${share * 100}%` }} />;
      })}
    </div>
  );
}
