import * as l10n from "@vscode/l10n";
import { useMemo } from "preact/hooks";
import type { ResultAction, ResultRow, ShownValue } from "../../panel/messages.ts";
import { durationMs, formatBytes, formatCount, formatDuration } from "../format.ts";
import type { Host } from "../host.ts";
import { IconButton, StatusIcon } from "../parts/icon.tsx";
import type { CallPage } from "../state.ts";
import { STATUS_LOOKS } from "../statuses.ts";
import { ResultValueView } from "./resultValueView.tsx";

interface ResultDetailProps {
  readonly page: CallPage;
  readonly host: Host;
  readonly row: ResultRow;
}

/** One result in full. Render it with a `key` of its own per result: it asks for the value once. */
export function ResultDetail({ page, host, row }: ResultDetailProps) {
  const cached = useMemo(() => page.values.look(row.index), [page, row.index]).value;
  const act = (action: ResultAction) => host.actOnResult(action, row.index);
  const close = () => page.rows.open(undefined);
  return (
    <section slot="end" class="result-detail" aria-label={l10n.t`Result ${row.index}`}>
      <div class="detail-head">
        <StatusIcon status={row.status} />
        <strong>{formatCount(row.index)}</strong>
        <span class="detail-facts quiet">
          {STATUS_LOOKS[row.status].label} · {formatDuration(durationMs(row))}
          {row.size !== undefined && ` · ${formatBytes(row.size)}`}
        </span>
        <span class="detail-actions">
          {(cached.state !== "ready" || isText(cached.value)) && (
            <IconButton icon="copy" label={l10n.t("Copy Result")} onClick={() => act("copy")} />
          )}
          <IconButton icon="save" label={l10n.t("Save Result")} onClick={() => act("save")} />
          <IconButton icon="go-to-file" label={l10n.t("Open in Editor")} onClick={() => act("openInEditor")} />
          {page.rows.openedIndex.value !== undefined && (
            <IconButton icon="close" label={l10n.t("Close Result")} onClick={close} />
          )}
        </span>
      </div>
      <div class="detail-place quiet mono">
        {row.inputId} · {row.containerId}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it. */}
      <div class="detail-body" tabIndex={0}>
        {cached.state === "waiting" && <p class="quiet">{l10n.t("Loading…")}</p>}
        {cached.state === "failed" && <p class="error-message">{cached.message}</p>}
        {cached.state === "ready" && (
          <ResultValueView value={cached.value} load={(part) => page.parts.ask(row.index, part)} host={host} />
        )}
      </div>
    </section>
  );
}

/** Whether it can be copied. */
function isText(value: ShownValue): boolean {
  return value.kind !== "audio" && !(value.kind === "image" && value.mediaType !== "image/svg+xml");
}
