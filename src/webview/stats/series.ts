import * as l10n from "@vscode/l10n";
import type { Percentiles, StatsSample } from "../../panel/messages.ts";
import { formatDuration, formatRate } from "../format.ts";
import type { StatsData } from "./statsData.ts";

/** One line in a chart. */
export interface Series {
  readonly label: string;
  /** CSS variable of the theme that gives its colour. */
  readonly colour: `--vscode-charts-${string}`;
  /** Null where nothing is known. */
  readonly values: (data: StatsData) => (number | null)[];
  /** Of all the time that is shown, where that is not the average. */
  readonly overall?: (data: StatsData) => number | undefined;
}

/** Lines that share their times and the size of their numbers: a backlog of thousands would flatten a handful of runners. */
export interface ChartKind {
  readonly series: readonly Series[];
  /** Unix milliseconds of the values. */
  readonly times: (data: StatsData) => number[];
  readonly format: (value: number) => string;
}

type Reading = "backlog" | "runners" | "runningInputs";

function read(key: Reading): Series["values"] {
  return ({ samples }) => samples.map((sample) => sample[key]);
}

function sampleTimes({ samples }: StatsData): number[] {
  return samples.map(({ at }: StatsSample) => at);
}

/** In the middle of each step; the last one ends where the time that is shown does. */
function stepTimes({ latency, span }: StatsData): number[] {
  return latency.steps.map((_, step) => Math.min(span.to, latency.from + (step + 0.5) * latency.stepMs));
}

function percentile(key: keyof Percentiles): Pick<Series, "values" | "overall"> {
  return {
    values: ({ latency }) => latency.steps.map(({ percentiles }) => percentiles?.[key] ?? null),
    overall: ({ latency }) => latency.overall?.[key],
  };
}

function throughput({ latency: { steps, stepMs } }: StatsData): number[] {
  return steps.map(({ finished }) => (finished * 1_000) / stepMs);
}

/** How many inputs finished in all, by the time in which they did. */
function overallThroughput({ latency: { steps }, span }: StatsData): number {
  const finished = steps.reduce((sum, step) => sum + step.finished, 0);
  return (finished * 1_000) / Math.max(1, span.to - span.from);
}

/** What the function's stats say. They are read while the page is open, and by no one else. */
export const SAMPLED_CHARTS: readonly ChartKind[] = [
  {
    times: sampleTimes,
    format: formatRate,
    series: [{ label: l10n.t("Backlog"), colour: "--vscode-charts-yellow", values: read("backlog") }],
  },
  {
    times: sampleTimes,
    format: formatRate,
    series: [
      { label: l10n.t("Runners"), colour: "--vscode-charts-blue", values: read("runners") },
      { label: l10n.t("Running inputs"), colour: "--vscode-charts-purple", values: read("runningInputs") },
    ],
  },
];

/** What the results say, also long after the call. */
export const RESULT_CHARTS: readonly ChartKind[] = [
  {
    times: stepTimes,
    format: formatRate,
    series: [
      {
        label: l10n.t("Throughput, inputs/s"),
        colour: "--vscode-charts-green",
        values: throughput,
        overall: overallThroughput,
      },
    ],
  },
  {
    times: stepTimes,
    format: formatDuration,
    series: [
      { label: l10n.t("Execution, p50"), colour: "--vscode-charts-green", ...percentile("p50Ms") },
      { label: l10n.t("Execution, p95"), colour: "--vscode-charts-yellow", ...percentile("p95Ms") },
      { label: l10n.t("Execution, p99"), colour: "--vscode-charts-red", ...percentile("p99Ms") },
    ],
  },
];
