import * as l10n from "@vscode/l10n";
import type { InputStatus } from "../panel/messages.ts";

/** How an input status is written and drawn. Its colour is in `page.css`, by the attribute `data-status`. */
export interface StatusLook {
  readonly label: string;
  /** Name of a codicon. Each status has a shape of its own, so that nothing hangs on colour alone. */
  readonly icon: string;
}

/** In the order in which counts are shown. */
export const STATUS_LOOKS: Readonly<Record<InputStatus, StatusLook>> = {
  SUCCESS: { label: l10n.t("Success"), icon: "pass" },
  FAILURE: { label: l10n.t("Failure"), icon: "error" },
  TIMEOUT: { label: l10n.t("Timeout"), icon: "watch" },
  INIT_FAILURE: { label: l10n.t("Init failure"), icon: "warning" },
  TERMINATED: { label: l10n.t("Terminated"), icon: "circle-slash" },
  PENDING: { label: l10n.t("Pending"), icon: "circle-large-outline" },
};

export const STATUSES = Object.keys(STATUS_LOOKS) as readonly InputStatus[];

/** The number of inputs that have an end, of whatever kind. */
export function finishedInputs(counts: Readonly<Record<InputStatus, number>>): number {
  return STATUSES.reduce((sum, status) => (status === "PENDING" ? sum : sum + counts[status]), 0);
}

/** The number of inputs that ended in an error of any kind; cancelled inputs are no errors. */
export function failedInputs(counts: Readonly<Record<InputStatus, number>>): number {
  return counts.FAILURE + counts.TIMEOUT + counts.INIT_FAILURE;
}

/** `{ SUCCESS: 3, FAILURE: 1 }` as "3 success, 1 failure", for those who hear the page. */
export function describeCounts(counts: Readonly<Record<InputStatus, number>>): string {
  return STATUSES.filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${STATUS_LOOKS[status].label.toLowerCase()}`)
    .join(", ");
}
