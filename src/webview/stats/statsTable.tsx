import * as l10n from "@vscode/l10n";
import type { ChartKind, Series } from "./series.ts";
import type { StatsData } from "./statsData.ts";

interface StatsTableProps {
  readonly charts: readonly ChartKind[];
  readonly data: StatsData;
  /** Heading of the last values. */
  readonly latest: string;
  /** The moment under the pointer, whose values are shown instead of the last ones. */
  readonly pointedAt: number | undefined;
}

/** The charts in numbers. */
export function StatsTable({ charts, data, latest, pointedAt }: StatsTableProps) {
  return (
    <table class="stats-table">
      <thead>
        <tr>
          <th scope="col">{l10n.t("Stats")}</th>
          <th scope="col">{pointedAt === undefined ? latest : l10n.t("Here")}</th>
          <th scope="col">{l10n.t("Peak")}</th>
          <th scope="col">{l10n.t("Overall")}</th>
        </tr>
      </thead>
      <tbody>
        {charts.flatMap((chart) =>
          chart.series.map((series) => (
            <SeriesRow key={series.label} chart={chart} series={series} data={data} pointedAt={pointedAt} />
          )),
        )}
      </tbody>
    </table>
  );
}

interface SeriesRowProps extends Pick<StatsTableProps, "data" | "pointedAt"> {
  readonly chart: ChartKind;
  readonly series: Series;
}

function SeriesRow({ chart, series, data, pointedAt }: SeriesRowProps) {
  const values = series.values(data);
  const known = values.filter((value) => value !== null);
  const here = pointedAt === undefined ? known.at(-1) : values[nearest(chart.times(data), pointedAt)];
  const text = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : chart.format(value);
  return (
    <tr>
      <th scope="row">{series.label}</th>
      <td>{text(here)}</td>
      <td>{text(known.length > 0 ? known.reduce((peak, value) => Math.max(peak, value)) : undefined)}</td>
      <td>{text(series.overall ? series.overall(data) : average(known))}</td>
    </tr>
  );
}

/** Position of the time that is nearest to another one. */
function nearest(times: readonly number[], at: number): number {
  const distance = (position: number) => Math.abs((times[position] ?? Number.POSITIVE_INFINITY) - at);
  return times.reduce((best, _, position) => (distance(position) < distance(best) ? position : best), 0);
}

function average(values: readonly number[]): number | undefined {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : undefined;
}
