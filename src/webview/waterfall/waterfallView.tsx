import * as l10n from "@vscode/l10n";
import { useEffect } from "preact/hooks";
import type { CallSummary } from "../../panel/messages.ts";
import type { Host } from "../host.ts";
import { useRefresh } from "../parts/refresh.ts";
import { DetailSplit } from "../results/detailSplit.tsx";
import type { CallPage } from "../state.ts";
import { WaterfallChart } from "./waterfallChart.tsx";
import { WaterfallHead } from "./waterfallHead.tsx";
import { WaterfallTable } from "./waterfallTable.tsx";
import "./waterfall.css";

interface WaterfallViewProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly call: CallSummary;
}

/** What ran where and when: the call's inputs by container, over time. Shows all of the call until the reader zooms. */
export function WaterfallView({ page, host, call }: WaterfallViewProps) {
  const { waterfallSpan: span, waterfallIsTable: isTable } = page;
  const window = page.waterfall.answer.value;
  useEffect(() => {
    host.showWaterfall(true);
    return () => host.showWaterfall(false);
  }, [host]);
  useRefresh(() => page.waterfall.again(), call.finishedAt === undefined);
  if (call.isGenerator) {
    return (
      <p class="empty">{l10n.t("Servers tell no times of a generator's items; its one input has no waterfall.")}</p>
    );
  }
  return (
    <div class="waterfall">
      <WaterfallHead page={page} window={window} span={span} isTable={isTable} />
      <DetailSplit page={page} host={host}>
        {isTable.value ? (
          <WaterfallTable page={page} window={window} />
        ) : (
          <WaterfallChart page={page} window={window} span={span} />
        )}
      </DetailSplit>
    </div>
  );
}
