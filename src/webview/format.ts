import * as l10n from "@vscode/l10n";

const count = new Intl.NumberFormat("en");
const oneDecimal = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** 12345 as "12,345". */
export function formatCount(value: number): string {
  return count.format(value);
}

/** 1.234 as "1.2", 123.4 as "123". */
export function formatRate(perSecond: number): string {
  return perSecond < 10 ? oneDecimal.format(perSecond) : count.format(Math.round(perSecond));
}

/** 340 as "340 ms", 1500 as "1.5 s", 83_000 as "1 m 23 s", 7_260_000 as "2 h 1 m". */
export function formatDuration(durationMs: number): string {
  if (durationMs < 10) return `${oneDecimal.format(durationMs)} ms`;
  if (durationMs < 999.5) return `${Math.round(durationMs)} ms`;
  if (durationMs < 59_950) return `${oneDecimal.format(durationMs / 1000)} s`;
  const seconds = Math.round(durationMs / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} m ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} m`;
}

const age = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

/** 30_000 as "30 seconds ago", 7_260_000 as "2 hours ago". */
export function formatAge(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 60) return age.format(-seconds, "second");
  if (seconds < 3_600) return age.format(-Math.floor(seconds / 60), "minute");
  if (seconds < 86_400) return age.format(-Math.floor(seconds / 3_600), "hour");
  return age.format(-Math.floor(seconds / 86_400), "day");
}

/** 1536 as "1.5 KiB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 ** 2) return `${oneDecimal.format(bytes / 1024)} KiB`;
  return `${oneDecimal.format(bytes / 1024 ** 2)} MiB`;
}

/** "1 input", "2 inputs". */
export function formatInputs(inputs: number): string {
  return inputs === 1 ? l10n.t("1 input") : l10n.t`${formatCount(inputs)} inputs`;
}

/** "1 item", "2 items". */
export function formatItems(items: number): string {
  return items === 1 ? l10n.t("1 item") : l10n.t`${formatCount(items)} items`;
}

/** How long an input ran. Clocks can disagree by a little, which must not show as a negative time. */
export function durationMs({ startedAt, finishedAt }: { startedAt: number; finishedAt: number }): number {
  return Math.max(0, finishedAt - startedAt);
}
