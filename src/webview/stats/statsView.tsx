import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect } from "preact/hooks";
import type { CallSummary } from "../../panel/messages.ts";
import { useRefresh } from "../parts/refresh.ts";
import type { CallPage } from "../state.ts";
import { type ChartKind, RESULT_CHARTS, SAMPLED_CHARTS } from "./series.ts";
import { type StatsData, statsData, type WindowMinutes, windowMs } from "./statsData.ts";
import { StatsTable } from "./statsTable.tsx";
import { StatsToolbar } from "./statsToolbar.tsx";
import { TimeChart } from "./timeChart.tsx";
import "./stats.css";

/** The function's backlog and runners, and what this call's inputs did: as charts, and in numbers. */
export function StatsView({ page, call }: { page: CallPage; call: CallSummary }) {
  const minutes = page.statsMinutes;
  const paused = useSignal<StatsData | undefined>(undefined);
  const lastMs = windowMs(minutes.value);
  const isRunning = call.finishedAt === undefined;
  useLayoutEffect(() => page.latency.look({ lastMs }), [page, lastMs]);
  useRefresh(() => page.latency.again(), isRunning && !paused.value);
  const current = statsData(call.createdAt, page.samples.value, page.latency.answer.value);
  const data = paused.value ?? current;
  const choose = (chosen: WindowMinutes) => {
    paused.value = undefined;
    minutes.value = chosen;
  };
  const pause = () => {
    paused.value = paused.value ? undefined : current;
  };
  return (
    <div class="stats">
      <StatsToolbar
        minutes={minutes.value}
        onMinutes={choose}
        isPaused={paused.value !== undefined}
        onPause={isRunning ? pause : undefined}
      />
      {data && <Charts data={data} isRunning={isRunning} />}
    </div>
  );
}

function Charts({ data, isRunning }: { data: StatsData; isRunning: boolean }) {
  const pointedAt = useSignal<number | undefined>(undefined);
  const charts: readonly ChartKind[] = [...(data.samples.length > 0 ? SAMPLED_CHARTS : []), ...RESULT_CHARTS];
  return (
    <>
      {data.samples.length === 0 && <p class="quiet stats-note">{unreadText(isRunning)}</p>}
      <div class="stats-charts">
        {charts.map((chart) => (
          <figure key={chart.series[0]?.label}>
            <Legend chart={chart} />
            <TimeChart chart={chart} data={data} pointedAt={pointedAt} />
          </figure>
        ))}
      </div>
      <StatsTable
        charts={charts}
        data={data}
        latest={isRunning ? l10n.t("Now") : l10n.t("Last")}
        pointedAt={pointedAt.value}
      />
    </>
  );
}

function unreadText(isRunning: boolean): string {
  return isRunning
    ? l10n.t("Backlog and runners were not read in this time: they are read once a second while this page is open.")
    : l10n.t("Backlog and runners are not known: they are read while a call runs and its page is open.");
}

function Legend({ chart }: { chart: ChartKind }) {
  return (
    <figcaption class="stats-legend">
      {chart.series.map(({ label, colour }) => (
        <span key={label}>
          <span class="swatch" style={{ background: `var(${colour})` }} />
          {label}
        </span>
      ))}
    </figcaption>
  );
}
