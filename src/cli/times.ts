import { InvalidArgumentError } from "commander";

const UNITS_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/**
 * Reads a span of time such as `90s`, `15m`, `12h`, `7d` or `2w`.
 *
 * @returns milliseconds
 */
export function parseSpan(text: string): number {
  const spanMs = spanOf(text);
  if (spanMs !== undefined) return spanMs;
  throw new InvalidArgumentError("Write a number and a unit, such as 90s, 15m, 12h, 7d or 2w.");
}

/**
 * Reads a moment: how long ago it was, such as `2h`, or a date and a time as ISO 8601 has them, such as `2026-03-01T05:00` for local time.
 *
 * @returns unix milliseconds
 */
export function parseTime(text: string): number {
  const spanMs = spanOf(text);
  if (spanMs !== undefined) return Date.now() - spanMs;
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(time)) return time;
  throw new InvalidArgumentError("Write how long ago, such as 30m, 2h or 7d, or a time such as 2026-03-01T05:00.");
}

function spanOf(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d+(?:\.\d+)?)([smhdw])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  return unitMs === undefined ? undefined : Number(number) * unitMs;
}
