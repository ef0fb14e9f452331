import * as l10n from "@vscode/l10n";
import type { InputStatus } from "../../panel/messages.ts";
import { formatCount } from "../format.ts";
import type { Host } from "../host.ts";
import { Icon, IconButton, StatusIcon } from "../parts/icon.tsx";
import type { CallPage } from "../state.ts";
import { STATUS_LOOKS, STATUSES } from "../statuses.ts";

/** A text to look for, and one button per status that occurs. */
export function ResultFilter({ page, host }: { page: CallPage; host: Host }) {
  const { rows } = page;
  const counts = page.call.value?.counts;
  const { status, text } = rows.selection;
  const occurring = STATUSES.filter((name) => name !== "PENDING" && (name === status || (counts?.[name] ?? 0) > 0));
  const choose = (chosen: InputStatus | undefined) => rows.select({ ...rows.selection, status: chosen });
  return (
    <search class="result-filter">
      <vscode-textfield
        placeholder={l10n.t("Filter by text, index, input or container")}
        aria-label={l10n.t("Filter results")}
        value={text}
        onInput={(event) => rows.select({ ...rows.selection, text: (event.currentTarget as HTMLInputElement).value })}
      >
        <Icon name="search" slot="content-before" />
      </vscode-textfield>
      <fieldset class="status-filter" aria-label={l10n.t("Filter by status")}>
        <StatusButton label={l10n.t("All")} pressed={status === undefined} onClick={() => choose(undefined)} />
        {occurring.map((name) => (
          <StatusButton key={name} status={name} pressed={status === name} onClick={() => choose(name)} />
        ))}
      </fieldset>
      <span class="result-count" role="status">
        {rows.matching === rows.size ? "" : l10n.t`${formatCount(rows.matching)} of ${formatCount(rows.size)}`}
      </span>
      <span class="result-actions">
        <IconButton icon="export" label={l10n.t("Export Results")} onClick={() => host.act("exportResults")} />
      </span>
    </search>
  );
}

type StatusButtonProps = ({ readonly status: InputStatus } | { readonly status?: never; readonly label: string }) & {
  readonly pressed: boolean;
  readonly onClick: () => void;
};

function StatusButton(props: StatusButtonProps) {
  return (
    <button type="button" class="status-button" aria-pressed={props.pressed} onClick={props.onClick}>
      {props.status ? (
        <>
          <StatusIcon status={props.status} />
          {STATUS_LOOKS[props.status].label}
        </>
      ) : (
        props.label
      )}
    </button>
  );
}
