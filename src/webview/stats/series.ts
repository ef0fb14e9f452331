import * as l10n from "@vscode/l10n";
import type { StatsSample } from "../../panel/messages.ts";
import { throughputPerSecond } from "./samples.ts";

/** One line in a chart. */
export interface Series {
  readonly label: string;
  /** CSS variable of the theme that gives its colour. */
  readonly colour: `--vscode-charts-${string}`;
  readonly values: (samples: readonly StatsSample[]) => number[];
}

/** Numbers of one size share a chart; a backlog of thousands would flatten a handful of runners. */
export const CHARTS: readonly (readonly Series[])[] = [
  [
    {
      label: l10n.t("Backlog"),
      colour: "--vscode-charts-yellow",
      values: (samples) => samples.map((sample) => sample.backlog),
    },
  ],
  [
    {
      label: l10n.t("Runners"),
      colour: "--vscode-charts-blue",
      values: (samples) => samples.map((sample) => sample.runners),
    },
    {
      label: l10n.t("Running inputs"),
      colour: "--vscode-charts-purple",
      values: (samples) => samples.map((sample) => sample.runningInputs),
    },
  ],
  [{ label: l10n.t("Throughput, inputs/s"), colour: "--vscode-charts-green", values: throughputPerSecond }],
];
