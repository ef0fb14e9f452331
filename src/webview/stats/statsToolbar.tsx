import * as l10n from "@vscode/l10n";
import { IconButton } from "../parts/icon.tsx";
import { WINDOWS, type WindowMinutes } from "./statsData.ts";

interface StatsToolbarProps {
  readonly minutes: WindowMinutes;
  readonly onMinutes: (minutes: WindowMinutes) => void;
  readonly isPaused: boolean;
  /** Undefined: nothing changes any more. */
  readonly onPause: (() => void) | undefined;
}

/** How much of the time is shown, and whether it goes on. */
export function StatsToolbar({ minutes, onMinutes, isPaused, onPause }: StatsToolbarProps) {
  return (
    <div class="stats-toolbar">
      <fieldset class="stats-windows" aria-label={l10n.t("Time")}>
        {WINDOWS.map((choice) => (
          <button
            key={choice}
            type="button"
            class="stats-window"
            aria-pressed={choice === minutes}
            onClick={() => onMinutes(choice)}
          >
            {windowLabel(choice)}
          </button>
        ))}
      </fieldset>
      {onPause && (
        <IconButton
          icon={isPaused ? "debug-continue" : "debug-pause"}
          label={isPaused ? l10n.t("Resume") : l10n.t("Pause")}
          onClick={onPause}
        />
      )}
      {isPaused && onPause && <span class="quiet">{l10n.t("Paused; the call goes on.")}</span>}
    </div>
  );
}

function windowLabel(minutes: WindowMinutes): string {
  if (minutes === undefined) return l10n.t("All");
  return minutes === 1 ? l10n.t("1 minute") : l10n.t`${minutes} minutes`;
}
