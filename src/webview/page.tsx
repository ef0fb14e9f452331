import * as l10n from "@vscode/l10n";
import type { JSX } from "preact";
import type { CallSummary } from "../panel/messages.ts";
import { formatCount } from "./format.ts";
import { CallGraphView } from "./graph/callGraphView.tsx";
import { Header } from "./header/header.tsx";
import type { Host } from "./host.ts";
import { LogsView } from "./logs/logsView.tsx";
import { Icon, IconButton } from "./parts/icon.tsx";
import { PicturesView } from "./pictures/picturesView.tsx";
import { ResultsView } from "./results/resultsView.tsx";
import type { CallPage } from "./state.ts";
import { StatsView } from "./stats/statsView.tsx";
import { WaterfallView } from "./waterfall/waterfallView.tsx";
import "./page.css";

interface PageProps {
  readonly page: CallPage;
  readonly host: Host;
}

interface Tab {
  /** As the page remembers which one is in front. */
  readonly name: string;
  readonly label: string;
  readonly count?: number;
  readonly view: () => JSX.Element;
}

/** The whole page: one function call, seen from several sides. */
export function Page({ page, host }: PageProps) {
  const call = page.call.value;
  if (!call) return <main class="page" aria-busy="true" />;
  return (
    <main class="page">
      <Header page={page} host={host} call={call} />
      {call.problem !== undefined && <Problem text={call.problem} />}
      {page.failure.value !== undefined && <Failure page={page} text={page.failure.value} />}
      <Tabs key={page.starts.value} page={page} host={host} call={call} />
    </main>
  );
}

function Problem({ text }: { text: string }) {
  return (
    <div class="banner" role="status">
      <Icon name="warning" />
      <span>{text}</span>
    </div>
  );
}

function Failure({ page, text }: { page: CallPage; text: string }) {
  const dismiss = () => {
    page.failure.value = undefined;
  };
  return (
    <div class="banner failure" role="alert">
      <Icon name="error" />
      <span>{text}</span>
      <IconButton icon="close" label={l10n.t("Dismiss")} onClick={dismiss} />
    </div>
  );
}

const wrapping = new CSSStyleSheet();
wrapping.replaceSync(".tablist { flex-wrap: wrap; }");

/** On a narrow page, the tabs go on in a second line. The element itself would cut them off. */
function wrapTabs(tabs: HTMLElement | null): void {
  const root = tabs?.shadowRoot;
  if (root && !root.adoptedStyleSheets.includes(wrapping)) root.adoptedStyleSheets.push(wrapping);
}

function Tabs({ page, host, call }: PageProps & { call: CallSummary }) {
  const tabs = tabsOf(page, host, call);
  // The chosen tab may not be there: Pictures comes with the first picture.
  const front = Math.max(
    0,
    tabs.findIndex((tab) => tab.name === page.tab.value),
  );
  return (
    <vscode-tabs
      ref={wrapTabs}
      panel
      selected-index={front}
      onvsc-tabs-select={(event) => {
        page.tab.value = tabs[event.detail.selectedIndex]?.name ?? "Results";
      }}
    >
      {tabs.map(({ name, label, count = 0 }) => (
        <vscode-tab-header key={name} slot="header">
          {label}
          {count > 0 && (
            <vscode-badge slot="content-after" variant="counter">
              {formatCount(count)}
            </vscode-badge>
          )}
        </vscode-tab-header>
      ))}
      {/* Only the tab in front is drawn. */}
      {tabs.map(({ name, view }, position) => (
        <vscode-tab-panel key={name}>{position === front && view()}</vscode-tab-panel>
      ))}
    </vscode-tabs>
  );
}

function tabsOf(page: CallPage, host: Host, call: CallSummary): Tab[] {
  const pictures: Tab = {
    name: "Pictures",
    label: l10n.t("Pictures"),
    count: page.rows.images,
    view: () => <PicturesView page={page} host={host} inputs={call.inputs} />,
  };
  return [
    {
      name: "Results",
      label: l10n.t("Results"),
      count: page.rows.size,
      view: () => <ResultsView page={page} host={host} />,
    },
    ...(page.rows.images > 0 ? [pictures] : []),
    { name: "Stats", label: l10n.t("Stats"), view: () => <StatsView page={page} call={call} /> },
    {
      name: "Waterfall",
      label: l10n.t("Waterfall"),
      view: () => <WaterfallView page={page} host={host} call={call} />,
    },
    { name: "Call Graph", label: l10n.t("Call Graph"), view: () => <CallGraphView page={page} host={host} /> },
    { name: "Logs", label: l10n.t("Logs"), view: () => <LogsView page={page} /> },
  ];
}
