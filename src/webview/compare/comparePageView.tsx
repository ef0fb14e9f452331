import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { CompareSide, Sides } from "../../panel/compareMessages.ts";
import type { CallSummary } from "../../panel/messages.ts";
import { formatCount, formatDuration } from "../format.ts";
import { callHeadline } from "../header/callHeadline.ts";
import { Icon, IconButton } from "../parts/icon.tsx";
import { Sash } from "../parts/sash.tsx";
import { StatusBar } from "../parts/statusBar.tsx";
import { StatusCounts } from "../parts/statusCounts.tsx";
import { ComparedPairView } from "./comparedPairView.tsx";
import { ComparedTable } from "./comparedTable.tsx";
import type { ComparePage } from "./comparePage.ts";
import { sideNames, VERDICT_ICONS, VERDICTS, verdictLabel } from "./verdicts.ts";
import "../page.css";
import "../header/header.css";
import "../results/results.css";
import "../results/resultTable.css";
import "../results/resultDetail.css";
import "./compare.css";

/** The whole page: two calls, what their inputs gave, and where that differs. */
export function ComparePageView({ page }: { page: ComparePage }) {
  const calls = page.calls.value;
  if (!calls) return <main class="page" aria-busy="true" />;
  const names = sideNames(calls);
  return (
    <main class="page compare">
      <header class="compare-head">
        <h1 class="unseen">{l10n.t("Comparison of Calls")}</h1>
        <CallCard page={page} side="left" call={calls.left} other={calls.right} />
        <IconButton icon="arrow-swap" label={l10n.t("Swap Left and Right")} onClick={() => page.swap()} />
        <CallCard page={page} side="right" call={calls.right} other={calls.left} />
      </header>
      <Problems calls={calls} />
      <VerdictFilter page={page} names={names} />
      <Panes page={page} names={names} />
    </main>
  );
}

interface CallCardProps {
  readonly page: ComparePage;
  readonly side: CompareSide;
  readonly call: CallSummary;
  readonly other: CallSummary;
}

/** One of the calls: which it is, how it stands, and how long it took beside the other. */
function CallCard({ page, side, call, other }: CallCardProps) {
  const headline = callHeadline(call, false);
  const place = [call.appName, call.targetName, call.environmentName, new Date(call.createdAt).toLocaleString()];
  return (
    <section class="compare-call" aria-label={side === "left" ? l10n.t("Left Call") : l10n.t("Right Call")}>
      <div class="compare-title">
        <button type="button" class="link-button" title={call.functionCallId} onClick={() => page.showCall(side)}>
          {call.functionName}
        </button>
        <span class="quiet">{place.filter(Boolean).join(" · ")}</span>
      </div>
      <StatusBar counts={call.counts} total={call.inputs} />
      <div class="call-status">
        <span class={`call-headline ${headline.tone}`}>
          <Icon name={headline.icon} />
          {headline.text}
        </span>
        <span title={l10n.t("From the call to its last result")}>
          {durationText(tookMs(call))} {change(tookMs(other), tookMs(call))}
        </span>
        <span title={l10n.t("How long an input ran, on average")}>
          {l10n.t("Execution")} {durationText(call.times?.executionMs)}{" "}
          {change(other.times?.executionMs, call.times?.executionMs)}
        </span>
        <StatusCounts counts={call.counts} />
      </div>
    </section>
  );
}

function tookMs({ createdAt, finishedAt }: CallSummary): number | undefined {
  return finishedAt === undefined ? undefined : Math.max(0, finishedAt - createdAt);
}

function durationText(durationMs: number | undefined): string {
  return durationMs === undefined ? "–" : formatDuration(durationMs);
}

/** How many times faster or slower something is than the other call's, where that can be said. */
function change(otherMs: number | undefined, ownMs: number | undefined): string {
  if (!otherMs || !ownMs || otherMs <= ownMs * 1.05) return "";
  return l10n.t`(${(otherMs / ownMs).toFixed(1)}× as fast)`;
}

function Problems({ calls }: { calls: Sides<CallSummary> }) {
  const problems = new Set([calls.left.problem, calls.right.problem].filter((problem) => problem !== undefined));
  return [...problems].map((problem) => (
    <div key={problem} class="banner" role="status">
      <Icon name="warning" />
      <span>{problem}</span>
    </div>
  ));
}

/** One button per verdict that occurs. */
function VerdictFilter({ page, names }: { page: ComparePage; names: Sides<string> }) {
  const counts = page.window.value?.counts;
  const chosen = page.verdict.value;
  const all = counts ? VERDICTS.reduce((sum, verdict) => sum + counts[verdict], 0) : 0;
  const offered = VERDICTS.filter((verdict) => verdict === "different" || verdict === chosen || counts?.[verdict]);
  return (
    <search class="result-filter">
      <fieldset class="status-filter" aria-label={l10n.t("Filter by difference")}>
        <button
          type="button"
          class="status-button"
          aria-pressed={chosen === undefined}
          onClick={() => page.select(undefined)}
        >
          {l10n.t("All")} {formatCount(all)}
        </button>
        {offered.map((verdict) => (
          <button
            key={verdict}
            type="button"
            class="status-button"
            aria-pressed={verdict === chosen}
            onClick={() => page.select(verdict)}
          >
            <span class="verdict-icon" data-verdict={verdict}>
              <Icon name={VERDICT_ICONS[verdict]} />
            </span>
            {verdictLabel(verdict, names)} {formatCount(counts?.[verdict] ?? 0)}
          </button>
        ))}
      </fieldset>
    </search>
  );
}

/** The rows, and both results of the opened one below them. */
function Panes({ page, names }: { page: ComparePage; names: Sides<string> }) {
  const share = useSignal(0.5);
  const index = page.openedIndex.value;
  return (
    <div class="detail-split" data-direction="down">
      <div class="split-start" style={{ flexBasis: index === undefined ? "100%" : `${share.value * 100}%` }}>
        <ComparedTable page={page} names={names} />
      </div>
      {index !== undefined && (
        <>
          <Sash share={share} direction="down" label={l10n.t("Resize the results")} />
          <ComparedPairView key={index} page={page} names={names} index={index} />
        </>
      )}
    </div>
  );
}
