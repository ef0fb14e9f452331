import type { Signal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { formatCount } from "../format.ts";
import { LogList } from "../logs/logList.tsx";
import { Icon, IconButton } from "../parts/icon.tsx";
import type { LogPage } from "./logPage.ts";
import "../page.css";
import "./logPage.css";

/** The whole page of logs: what to see of them, and the lines. */
export function LogPageView({ page }: { page: LogPage }) {
  if (!page.isReady.value) return <main class="page" aria-busy="true" />;
  if (page.title.value === undefined) return <NothingChosen page={page} />;
  return (
    <main class="page log-page">
      <Toolbar page={page} />
      <Status page={page} />
      <Lines page={page} />
    </main>
  );
}

function NothingChosen({ page }: { page: LogPage }) {
  return (
    <main class="page empty">
      <p>{l10n.t("Choose an app, a function, a call or a container to follow what it prints.")}</p>
      <vscode-button onClick={() => page.choose()}>{l10n.t("Follow Logs")}</vscode-button>
    </main>
  );
}

const SINCE = [
  { minutes: 0, label: l10n.t("All") },
  { minutes: 5, label: l10n.t("Last 5 minutes") },
  { minutes: 60, label: l10n.t("Last hour") },
  { minutes: 1_440, label: l10n.t("Last day") },
];

function Toolbar({ page }: { page: LogPage }) {
  return (
    <search class="log-toolbar">
      <vscode-textfield
        placeholder={l10n.t("Filter")}
        aria-label={l10n.t("Filter logs")}
        value={page.filter.value}
        onInput={(event) => {
          page.filter.value = (event.currentTarget as HTMLInputElement).value;
        }}
      >
        <Icon name="search" slot="content-before" />
      </vscode-textfield>
      <select
        class="log-since"
        aria-label={l10n.t("Since")}
        value={String(page.sinceMinutes.value)}
        onChange={(event) => {
          page.sinceMinutes.value = Number(event.currentTarget.value);
        }}
      >
        {SINCE.map(({ minutes, label }) => (
          <option key={minutes} value={String(minutes)}>
            {label}
          </option>
        ))}
      </select>
      <Toggle icon="word-wrap" label={l10n.t("Wrap Lines")} on={page.wrap} />
      <Toggle icon="watch" label={l10n.t("Show Timestamps")} on={page.timestamps} />
      <IconButton icon="save" label={l10n.t("Save Logs")} onClick={() => page.save()} />
      <IconButton icon="list-selection" label={l10n.t("Follow Other Logs")} onClick={() => page.choose()} />
      <Count page={page} />
    </search>
  );
}

function Toggle({ icon, label, on }: { icon: string; label: string; on: Signal<boolean> }) {
  return (
    <button
      type="button"
      class="icon-button log-toggle"
      title={label}
      aria-label={label}
      aria-pressed={on.value}
      onClick={() => {
        on.value = !on.value;
      }}
    >
      <Icon name={icon} />
    </button>
  );
}

function Count({ page }: { page: LogPage }) {
  const shown = page.shown.length;
  const all = page.logs.lines.length;
  const lines =
    shown === all ? l10n.t`${formatCount(all)} lines` : l10n.t`${formatCount(shown)} of ${formatCount(all)} lines`;
  const dropped = formatCount(page.logs.dropped);
  return (
    <span class="quiet log-count" role="status">
      {page.logs.dropped > 0 ? l10n.t`${lines}; the first ${dropped} are no longer shown` : lines}
    </span>
  );
}

function Status({ page }: { page: LogPage }) {
  const status = page.status.value;
  if (status.kind === "following") return null;
  const text = status.kind === "ended" ? l10n.t("It has ended; nothing more will be printed.") : status.message;
  return (
    <div class="banner log-status" role="status">
      <Icon name={status.kind === "ended" ? "info" : "warning"} />
      <span>{text}</span>
    </div>
  );
}

function Lines({ page }: { page: LogPage }) {
  if (page.shown.length === 0) {
    const text = page.logs.lines.length === 0 ? l10n.t("Nothing was printed yet.") : l10n.t("No line fits.");
    return <p class="empty">{text}</p>;
  }
  const wrap = page.wrap.value;
  return <LogList key={String(wrap)} linesOf={() => page.shown} wrap={wrap} timestamps={page.timestamps.value} />;
}
