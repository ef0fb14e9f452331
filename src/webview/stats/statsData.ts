import type { Latency, StatsSample, TimeSpan } from "../../panel/messages.ts";

/** What the charts and the table are made from, as it stands at one moment. */
export interface StatsData {
  /** The stretch of time that is shown, in unix milliseconds. */
  readonly span: TimeSpan;
  /** When the call was made. */
  readonly startedAt: number;
  /** Readings of the function's stats within the span. */
  readonly samples: readonly StatsSample[];
  readonly latency: Latency;
}

/** The stretches of time that can be looked at, in minutes. Undefined: all of the call. */
export const WINDOWS = [1, 5, 30, undefined] as const;

export type WindowMinutes = (typeof WINDOWS)[number];

export function windowMs(minutes: WindowMinutes): number | undefined {
  return minutes && minutes * 60_000;
}

/** Undefined: the extension host has not answered yet. */
export function statsData(
  createdAt: number,
  samples: readonly StatsSample[],
  latency: Latency | undefined,
): StatsData | undefined {
  if (!latency) return undefined;
  const { span } = latency;
  return {
    span,
    startedAt: Math.min(createdAt, span.from),
    samples: samples.filter(({ at }) => at >= span.from),
    latency,
  };
}
