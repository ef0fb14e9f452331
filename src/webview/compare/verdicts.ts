import * as l10n from "@vscode/l10n";
import type { Sides, Verdict } from "../../panel/compareMessages.ts";
import type { CallSummary } from "../../panel/messages.ts";

/** Name of the codicon of each verdict. Each has a shape of its own, so that nothing hangs on colour alone. */
export const VERDICT_ICONS: Readonly<Record<Verdict, string>> = {
  different: "diff-modified",
  onlyLeft: "diff-removed",
  onlyRight: "diff-added",
  same: "check",
  waiting: "circle-large-outline",
};

/** In the order in which they are offered. */
export const VERDICTS = Object.keys(VERDICT_ICONS) as readonly Verdict[];

/** A verdict in words, which may name the calls. */
export function verdictLabel(verdict: Verdict, names: Sides<string>): string {
  switch (verdict) {
    case "different":
      return l10n.t("Different");
    case "onlyLeft":
      return l10n.t`Only in ${names.left}`;
    case "onlyRight":
      return l10n.t`Only in ${names.right}`;
    case "same":
      return l10n.t("Same");
    case "waiting":
      return l10n.t("Waiting");
  }
}

/** What tells the calls apart in a word or two: their functions, their targets, or the times at which they were made. */
export function sideNames({ left, right }: Sides<CallSummary>): Sides<string> {
  if (left.functionName !== right.functionName) return { left: left.functionName, right: right.functionName };
  if (left.targetName !== right.targetName) return { left: left.targetName, right: right.targetName };
  const time = new Intl.DateTimeFormat(undefined, timeFormat(left.createdAt, right.createdAt));
  return { left: time.format(left.createdAt), right: time.format(right.createdAt) };
}

const DAY_MS = 86_400_000;

function timeFormat(one: number, other: number): Intl.DateTimeFormatOptions {
  const isFar = Math.abs(one - other) > DAY_MS;
  return { timeStyle: "medium", ...(isFar && { dateStyle: "short" }) };
}
