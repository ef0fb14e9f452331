import type { Signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import { formatRate } from "../format.ts";
import { useElementSize } from "../parts/elementSize.ts";
import { themeColour, useThemeVersion } from "../parts/themeColours.ts";
import type { Series } from "./series.ts";
import "uplot/dist/uPlot.min.css";

interface TimeChartProps {
  readonly series: readonly Series[];
  /** Seconds since the call was created, then the values of each series. */
  readonly data: uPlot.AlignedData;
  /** Position of the sample under the pointer, in any of the charts. */
  readonly pointed: Signal<number | undefined>;
}

/** Lines over time on a canvas. The table beside it says the same in words, so it is hidden from screen readers. */
export function TimeChart({ series, data, pointed }: TimeChartProps) {
  const [element, { widthPx, heightPx }] = useElementSize<HTMLDivElement>();
  const chart = useRef<uPlot>(undefined);
  const themeVersion = useThemeVersion();
  const hasRoom = widthPx > 0 && heightPx > 0;

  useEffect(() => {
    if (!element.current || !hasRoom) return undefined;
    const drawn = new uPlot(chartOptions(series, pointed), data, element.current);
    chart.current = drawn;
    return () => drawn.destroy();
    // Data and size have effects of their own; a new theme needs a new chart.
  }, [series, pointed, hasRoom, themeVersion]);
  useEffect(() => chart.current?.setSize({ width: widthPx, height: heightPx }), [widthPx, heightPx, themeVersion]);
  useEffect(() => chart.current?.setData(data), [data]);
  return <div class="time-chart" ref={element} aria-hidden="true" />;
}

/** Between the marks of the value axis; no halves of a runner. */
const STEPS = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap((power) => [power, 2 * power, 5 * power]);

/** Between the marks of the time axis. */
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400];

function chartOptions(series: readonly Series[], pointed: Signal<number | undefined>): uPlot.Options {
  const text = themeColour("--vscode-descriptionForeground");
  const grid = `color-mix(in srgb, ${themeColour("--vscode-foreground")} 10%, transparent)`;
  const font = `11px ${themeColour("--vscode-font-family")}`;
  const axis: uPlot.Axis = { stroke: text, font, grid: { stroke: grid, width: 1 }, ticks: { show: false } };
  return {
    width: 1,
    height: 1,
    padding: [8, 16, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: "stats" }, points: { size: 6 }, drag: { x: false, y: false } },
    scales: { x: { time: false }, y: { range: (_chart, _low, high) => [0, Math.max(1, high * 1.1)] } },
    axes: [
      { ...axis, size: 24, space: 80, incrs: SECONDS, values: (_chart, seconds) => seconds.map(elapsedLabel) },
      { ...axis, size: 56, space: 20, incrs: STEPS, values: (_chart, values) => values.map(formatRate) },
    ],
    series: [{}, ...series.map(lineOptions)],
    hooks: {
      setCursor: [
        (chart) => {
          pointed.value = chart.cursor.idx ?? undefined;
        },
      ],
    },
  };
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
