import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { CallSummary } from "../../panel/messages.ts";
import { formatDuration, formatRate } from "../format.ts";
import type { Host } from "../host.ts";
import { Icon } from "../parts/icon.tsx";
import { StatusBar } from "../parts/statusBar.tsx";
import { StatusCounts } from "../parts/statusCounts.tsx";
import type { CallPage } from "../state.ts";
import { throughputPerSecond } from "../stats/samples.ts";
import { finishedInputs } from "../statuses.ts";
import { callHeadline, progressText } from "./callHeadline.ts";
import "./header.css";

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
        <span class="call-place">
          {call.appName} · {call.targetName} · <code>{call.functionCallId}</code>
        </span>
        <Actions page={page} host={host} call={call} />
      </div>
      <StatusBar counts={call.counts} total={call.inputs} />
      <div class="call-status">
        <Headline page={page} call={call} />
        <Elapsed call={call} />
        <Progress page={page} call={call} />
      </div>
    </header>
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

/** Ticks only while the call runs. */
function Elapsed({ call }: { call: CallSummary }) {
  const now = useSignal(Date.now());
  const running = call.finishedAt === undefined;
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => {
      now.value = Date.now();
    }, 250);
    return () => clearInterval(timer);
  }, [running, now]);
  // Server and page can disagree about the time.
  const elapsedMs = Math.max(0, (call.finishedAt ?? now.value) - call.createdAt);
  return <span class="call-elapsed">{formatDuration(running ? Math.floor(elapsedMs / 100) * 100 : elapsedMs)}</span>;
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
          {formatRate(perSecond)} {call.isGenerator ? "items" : "inputs"}/s
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
  if (call.finishedAt !== undefined) {
    return (
      <div class="call-actions">
        <vscode-button secondary onClick={() => host.runAgain()}>
          Run Again
        </vscode-button>
      </div>
    );
  }
  return (
    <div class="call-actions">
      <vscode-button secondary disabled={page.cancelling.value} onClick={() => cancel(false)}>
        Cancel
      </vscode-button>
      <vscode-button secondary onClick={() => cancel(true)}>
        Cancel and Terminate Containers
      </vscode-button>
    </div>
  );
}
