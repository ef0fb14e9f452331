import type { TimeSpan } from "../../panel/messages.ts";

/** Nobody needs to see less at once. */
const SHORTEST_SPAN_MS = 1;

/** A span of another length, in which the moment at this part of it, from 0 to 1, stays where it is. Undefined: all of the call. */
export function zoomed(span: TimeSpan, whole: TimeSpan, factor: number, part = 0.5): TimeSpan | undefined {
  const lengthMs = Math.max(SHORTEST_SPAN_MS, (span.to - span.from) / factor);
  const fixed = span.from + part * (span.to - span.from);
  return within(whole, fixed - part * lengthMs, lengthMs);
}

/** The span, moved by so many times its length. */
export function panned(span: TimeSpan, whole: TimeSpan, parts: number): TimeSpan | undefined {
  const lengthMs = span.to - span.from;
  return within(whole, span.from + parts * lengthMs, lengthMs);
}

/** A span around another one, with a little room on both sides. */
export function around({ from, to }: TimeSpan, whole: TimeSpan): TimeSpan | undefined {
  const lengthMs = Math.max(SHORTEST_SPAN_MS, (to - from) * 1.2);
  return within(whole, (from + to - lengthMs) / 2, lengthMs);
}

function within(whole: TimeSpan, from: number, lengthMs: number): TimeSpan | undefined {
  if (lengthMs >= whole.to - whole.from) return undefined;
  const start = Math.min(Math.max(from, whole.from), whole.to - lengthMs);
  return { from: start, to: start + lengthMs };
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const STEPS_MS = [
  ...[0.01, 0.1, 1, 10, 100].flatMap((power) => [power, 2 * power, 5 * power]),
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 6, 12, 24].map((hours) => hours * HOUR_MS),
];

export interface Tick {
  /** Since the call. */
  readonly elapsedMs: number;
  readonly label: string;
}

/** Round times since the call, at most so many in a span. */
export function ticks(span: TimeSpan, startedAt: number, most: number): Tick[] {
  const [from, to] = [span.from - startedAt, span.to - startedAt];
  const leastMs = (to - from) / Math.max(1, most);
  const stepMs = STEPS_MS.find((step) => step >= leastMs) ?? Math.ceil(leastMs / (24 * HOUR_MS)) * 24 * HOUR_MS;
  const first = Math.ceil(from / stepMs);
  return Array.from({ length: Math.max(0, Math.floor(to / stepMs) - first + 1) }, (_, place) => {
    const elapsedMs = (first + place) * stepMs;
    return { elapsedMs, label: elapsedLabel(elapsedMs, stepMs) };
  });
}

/** 90,000 as "1:30"; with as many decimals as the step between two labels needs. */
function elapsedLabel(elapsedMs: number, stepMs: number): string {
  const decimals = Math.max(0, Math.ceil(-Math.log10(stepMs / SECOND_MS) - 1e-9));
  const minutes = Math.floor((elapsedMs + 0.001) / MINUTE_MS);
  const seconds = Math.max(0, (elapsedMs - minutes * MINUTE_MS) / SECOND_MS).toFixed(decimals);
  return `${minutes}:${seconds.padStart(decimals > 0 ? 3 + decimals : 2, "0")}`;
}
