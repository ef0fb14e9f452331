import * as l10n from "@vscode/l10n";
import { useEffect, useState } from "preact/hooks";
import type { CallSummary, CallTimes } from "../../panel/messages.ts";
import { formatAge, formatDuration, formatRate } from "../format.ts";
import type { Host } from "../host.ts";
import { Icon, IconButton } from "../parts/icon.tsx";
import { StatusBar } from "../parts/statusBar.tsx";
import { StatusCounts } from "../parts/statusCounts.tsx";
import type { CallPage } from "../state.ts";
import { throughputPerSecond } from "../stats/samples.ts";
import { failedInputs, finishedInputs } from "../statuses.ts";
import { callHeadline, progressText } from "./callHeadline.ts";
import "./header.css";

const RUNNING_TICK_MS = 250;
const AGE_TICK_MS = 10_000;

interface HeaderProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly call: CallSummary;
}

/** What call this is, how it stands and what can be done about it. */
export function Header({ page, host, call }: HeaderProps) {
  return (
    <header class="call-header">
      <div class="call-title">
        <h1>{call.functionName}</h1>
        <Place call={call} host={host} />
        <Actions page={page} host={host} call={call} />
      </div>
      <StatusBar counts={call.counts} total={call.inputs} />
      <div class="call-status">
        <Headline page={page} call={call} />
        <Elapsed call={call} />
        {call.times && <Times times={call.times} />}
        <Progress page={page} call={call} />
      </div>
    </header>
  );
}

/** Where the call is, and which one it is. */
function Place({ call, host }: { call: CallSummary; host: Host }) {
  const { appName, targetName, environmentName, functionCallId } = call;
  return (
    <span class="call-place">
      {[appName, targetName, environmentName].filter(Boolean).join(" · ")} · <code>{functionCallId}</code>
      <IconButton icon="copy" label={l10n.t("Copy ID")} onClick={() => host.act("copyId")} />
    </span>
  );
}

function Headline({ page, call }: { page: CallPage; call: CallSummary }) {
  const headline = callHeadline(call, page.cancelling.value);
  return (
    <span class={`call-headline ${headline.tone}`} role="status">
      <Icon name={headline.icon} />
      {headline.text}
    </span>
  );
}

/** When the call was made, and how long it takes. Ticks only while it runs, and while its age is still short. */
function Elapsed({ call }: { call: CallSummary }) {
  const running = call.finishedAt === undefined;
  const now = useNow(running ? RUNNING_TICK_MS : AGE_TICK_MS);
  // Server and page can disagree about the time.
  const elapsedMs = Math.max(0, (call.finishedAt ?? now) - call.createdAt);
  const shownMs = running ? Math.floor(elapsedMs / 100) * 100 : elapsedMs;
  return (
    <>
      <span class="call-elapsed">{formatDuration(shownMs)}</span>
      {!running && (
        <time dateTime={new Date(call.createdAt).toISOString()} title={new Date(call.createdAt).toLocaleString()}>
          {formatAge(now - call.createdAt)}
        </time>
      )}
    </>
  );
}

/** The time, read anew every so many milliseconds. */
function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** Where the time went. A container that was there already took none. */
function Times({ times: { queuedMs, startupMs = 0, executionMs } }: { times: CallTimes }) {
  return (
    <span class="call-times">
      <span title={l10n.t("From the call to the beginning of its first input")}>
        {l10n.t("Queue")} {formatDuration(Math.max(0, queuedMs - startupMs))}
      </span>
      {startupMs > 0 && (
        <span title={l10n.t("The start of the first input's container")}>
          {l10n.t("Start-up")} {formatDuration(startupMs)}
        </span>
      )}
      <span title={l10n.t("How long an input ran, on average")}>
        {l10n.t("Execution")} {formatDuration(executionMs)}
      </span>
    </span>
  );
}

function Progress({ page, call }: { page: CallPage; call: CallSummary }) {
  const finished = finishedInputs(call.counts);
  const perSecond = callThroughput(page, call, finished);
  if (call.inputs === 1 && call.kind !== "map") return null;
  return (
    <>
      <span>{progressText(call)}</span>
      {perSecond > 0 && (
        <span>
          {call.isGenerator ? l10n.t`${formatRate(perSecond)} items/s` : l10n.t`${formatRate(perSecond)} inputs/s`}
        </span>
      )}
      <StatusCounts counts={call.counts} />
    </>
  );
}

/** Inputs per second: of late while the call runs, on average once it is finished. */
function callThroughput(page: CallPage, call: CallSummary, finished: number): number {
  if (call.finishedAt === undefined) return throughputPerSecond(page.samples.value.slice(-60)).at(-1) ?? 0;
  const elapsedMs = call.finishedAt - call.createdAt;
  return elapsedMs > 0 ? (finished * 1000) / elapsedMs : 0;
}

function Actions({ page, host, call }: HeaderProps) {
  const cancel = (terminateContainers: boolean) => {
    page.cancelling.value = true;
    host.cancel({ terminateContainers });
  };
  if (call.finishedAt !== undefined) return <FinishedActions host={host} call={call} />;
  return (
    <div class="call-actions">
      <vscode-button secondary disabled={page.cancelling.value} onClick={() => cancel(false)}>
        {l10n.t("Cancel")}
      </vscode-button>
      <vscode-button secondary onClick={() => cancel(true)}>
        {l10n.t("Cancel and Terminate Containers")}
      </vscode-button>
    </div>
  );
}

function FinishedActions({ host, call }: { host: Host; call: CallSummary }) {
  const hasFailed = call.kind === "map" && failedInputs(call.counts) > 0;
  return (
    <div class="call-actions">
      {hasFailed && (
        <vscode-button secondary onClick={() => host.act("runFailedInputsAgain")}>
          {l10n.t("Run Failed Inputs Again")}
        </vscode-button>
      )}
      <vscode-button secondary onClick={() => host.act("runAgain")}>
        {l10n.t("Run Again")}
      </vscode-button>
    </div>
  );
}
