import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type uPlot from "uplot";
import type { CallSummary, StatsSample } from "../../panel/messages.ts";
import { formatRate } from "../format.ts";
import type { CallPage } from "../state.ts";
import { CHARTS, type Series } from "./series.ts";
import { TimeChart } from "./timeChart.tsx";
import "./stats.css";

/** The function's backlog, runners and throughput while this call ran: as charts, and in numbers. */
export function StatsView({ page, call }: { page: CallPage; call: CallSummary }) {
  const pointed = useSignal<number | undefined>(undefined);
  const samples = page.samples.value;
  if (samples.length === 0) return <p class="empty">{emptyText(call)}</p>;
  // Server and extension host can disagree about the time, which must not put samples before the start.
  const startedAt = Math.min(call.createdAt, samples[0]?.at ?? call.createdAt);
  const seconds = samples.map((sample) => (sample.at - startedAt) / 1000);
  return (
    <div class="stats">
      <div class="stats-charts">
        {CHARTS.map((series) => (
          <figure key={series[0]?.label}>
            <Legend series={series} />
            <TimeChart series={series} data={alignedData(seconds, series, samples)} pointed={pointed} />
          </figure>
        ))}
      </div>
      <StatsTable
        samples={samples}
        latest={call.finishedAt === undefined ? l10n.t("Now") : l10n.t("Last")}
        pointed={pointed.value}
      />
    </div>
  );
}

function emptyText(call: CallSummary): string {
  return call.finishedAt === undefined
    ? l10n.t("No stats yet.")
    : l10n.t("No stats were taken while this call ran. They are taken while its page is open.");
}

function alignedData(seconds: number[], series: readonly Series[], samples: readonly StatsSample[]): uPlot.AlignedData {
  return [seconds, ...series.map(({ values }) => values(samples))];
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <figcaption class="stats-legend">
      {series.map(({ label, colour }) => (
        <span key={label}>
          <span class="swatch" style={{ background: `var(${colour})` }} />
          {label}
        </span>
      ))}
    </figcaption>
  );
}

interface StatsTableProps {
  readonly samples: readonly StatsSample[];
  /** Heading of the last sample's values. */
  readonly latest: string;
  /** Position of the sample under the pointer, which is shown instead of the last one. */
  readonly pointed: number | undefined;
}

function StatsTable({ samples, latest, pointed }: StatsTableProps) {
  return (
    <table class="stats-table">
      <thead>
        <tr>
          <th scope="col">{l10n.t("Stats")}</th>
          <th scope="col">{pointed === undefined ? latest : l10n.t("Here")}</th>
          <th scope="col">{l10n.t("Peak")}</th>
          <th scope="col">{l10n.t("Average")}</th>
        </tr>
      </thead>
      <tbody>
        {CHARTS.flat().map(({ label, values: valuesOf }) => {
          const values = valuesOf(samples);
          return (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{formatRate(values[pointed ?? values.length - 1] ?? 0)}</td>
              <td>{formatRate(values.reduce((peak, value) => Math.max(peak, value), 0))}</td>
              <td>{formatRate(values.reduce((sum, value) => sum + value, 0) / values.length)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
