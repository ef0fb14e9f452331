import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { useElementSize } from "../parts/elementSize.ts";
import { themeColour, useThemeVersion } from "../parts/themeColours.ts";
import type { ChartKind, Series } from "./series.ts";
import type { StatsData } from "./statsData.ts";
import "uplot/dist/uPlot.min.css";

interface TimeChartProps {
  readonly chart: ChartKind;
  readonly data: StatsData;
  /** The moment under the pointer in any of the charts, in unix milliseconds. */
  readonly pointedAt: Signal<number | undefined>;
}

/** Lines over time on a canvas. The table beside it says the same in words, so it is hidden from screen readers. */
export function TimeChart({ chart, data, pointedAt }: TimeChartProps) {
  const [element, { widthPx, heightPx }] = useElementSize<HTMLDivElement>();
  const drawn = useRef<uPlot>(undefined);
  const shown = useRef(data);
  const themeVersion = useThemeVersion();
  const hasRoom = widthPx > 0 && heightPx > 0;
  shown.current = data;

  useEffect(() => {
    if (!element.current || !hasRoom) return undefined;
    const plot = new uPlot(chartOptions(chart, shown, pointedAt), alignedData(chart, shown.current), element.current);
    drawn.current = plot;
    return () => plot.destroy();
    // Data and size have effects of their own; a new theme needs a new chart.
  }, [chart, pointedAt, hasRoom, themeVersion]);
  useEffect(() => drawn.current?.setSize({ width: widthPx, height: heightPx }), [widthPx, heightPx, themeVersion]);
  useEffect(() => drawn.current?.setData(alignedData(chart, data)), [data]);
  return <div class="time-chart" ref={element} aria-hidden="true" />;
}

/** Seconds since the call was made, then the values of each line. */
function alignedData({ times, series }: ChartKind, data: StatsData): uPlot.AlignedData {
  return [times(data).map((at) => (at - data.startedAt) / 1_000), ...series.map(({ values }) => values(data))];
}

/** Between the marks of the value axis; no halves of a runner. */
const STEPS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [power, 2 * power, 5 * power]);

/** Between the marks of the time axis. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

function chartOptions(
  { series, format }: ChartKind,
  shown: { readonly current: StatsData },
  pointedAt: Signal<number | undefined>,
): uPlot.Options {
  const text = themeColour("--vscode-descriptionForeground");
  const grid = `color-mix(in srgb, ${themeColour("--vscode-foreground")} 10%, transparent)`;
  const font = `11px ${themeColour("--vscode-font-family")}`;
  const axis: uPlot.Axis = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
  return {
    width: 1,
    height: 1,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    // All charts show the same time, whichever moments their values are of.
    cursor: { sync: { key: "stats" }, points: { size: 6 }, drag: { x: false, y: false } },
    scales: {
      x: { time: false, range: () => secondsOf(shown.current) },
      y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.1)] },
    },
    axes: [
      { ...axis, size: 24, space: 80, incrs: SECONDS, values: (_chart, seconds) => seconds.map(elapsedLabel) },
      { ...axis, size: 56, space: 20, incrs: STEPS, values: (_chart, values) => values.map(format) },
    ],
    series: [{}, ...series.map(lineOptions)],
    hooks: {
      setCursor: [
        ({ cursor, posToVal }) => {
          const seconds = cursor.left === undefined || cursor.left < 0 ? undefined : posToVal(cursor.left, "x");
          pointedAt.value = seconds === undefined ? undefined : shown.current.startedAt + seconds * 1_000;
        },
      ],
    },
  };
}

function secondsOf({ span, startedAt }: StatsData): [number, number] {
  return [(span.from - startedAt) / 1_000, (span.to - startedAt) / 1_000];
}

function lineOptions({ label, colour }: Series): uPlot.Series {
  const stroke = themeColour(colour);
  return {
    label,
    stroke,
    width: 1.5,
    fill: `color-mix(in srgb, ${stroke} 12%, transparent)`,
    points: { show: false },
  };
}

/** 90 as "1:30". */
function elapsedLabel(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
