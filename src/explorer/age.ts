import * as l10n from "@vscode/l10n";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** E.g. `5 min ago`; below a minute `just now`, so that a list does not tick. */
export function describeAge(ageMs: number): string {
  if (ageMs >= DAY_MS) return l10n.t`${Math.floor(ageMs / DAY_MS)} d ago`;
  if (ageMs >= HOUR_MS) return l10n.t`${Math.floor(ageMs / HOUR_MS)} h ago`;
  if (ageMs >= MINUTE_MS) return l10n.t`${Math.floor(ageMs / MINUTE_MS)} min ago`;
  return l10n.t("just now");
}
